import { z } from 'zod'
import { defineLayer, problem } from '../define'
import { noMultiplyAdds, noWeights, oneInput, withImage } from '../parts'
import { pair, resolvePadding, slide } from '../params'

const params = z.strictObject({
  kernel_size: pair(1).default([2, 2]),
  stride: pair(1).default([2, 2]),
  padding: pair(0, 2048).default([0, 0]),
  dilation: pair(1).default([1, 1]),
})

/** torch.nn.MaxPool2d */
export default defineLayer({
  kind: 'max_pool2d',
  category: 'pooling',
  arity: oneInput,
  text: {
    en: {
      label: 'MaxPool2d',
      summary: 'Keeps the largest value of each window, channel by channel, and so makes the picture smaller.',
      fields: {
        kernel_size: { label: 'Window size', help: 'Height and width of each window.' },
        stride: { label: 'Stride', help: 'How far the window moves between two outputs.' },
        padding: { label: 'Padding', help: 'Border that never wins; at most half the window.' },
        dilation: { label: 'Dilation', help: 'Distance between the values that one window sees.' },
      },
    },
    'zh-CN': {
      label: '最大池化',
      summary: '逐通道保留每个窗口中的最大值，使图片变小。',
      fields: {
        kernel_size: { label: '窗口大小', help: '每个窗口的高和宽。' },
        stride: { label: '步幅', help: '相邻两个输出之间窗口移动的距离。' },
        padding: { label: '填充', help: '永远不会取到的边框；最多为窗口的一半。' },
        dilation: { label: '空洞率', help: '一个窗口所看数值之间的间距。' },
      },
    },
  },
  params,
  fields: {
    kernel_size: { control: 'pair', min: 1, max: 4096 },
    stride: { control: 'pair', min: 1, max: 4096 },
    padding: { control: 'pair', min: 0, max: 2048 },
    dilation: { control: 'pair', min: 1, max: 4096 },
  },
  infer(p, inputs) {
    return withImage(inputs, (image) => {
      if (p.padding[0] * 2 > p.kernel_size[0] || p.padding[1] * 2 > p.kernel_size[1]) {
        return problem('pool-padding', `padding ${p.padding.join(' × ')} is more than half the window`, {
          padding: p.padding.join(' × '),
          kernel: p.kernel_size.join(' × '),
        })
      }
      const padding = resolvePadding(p.padding, p.kernel_size, p.dilation)
      const { height, width } = slide(image, { kernel: p.kernel_size, stride: p.stride, padding, dilation: p.dilation })
      if (height < 1 || width < 1) {
        const window = p.kernel_size.join(' × ')
        const picture = `${image.height} × ${image.width}`
        return problem('window-too-large', `the window of ${window} is larger than the picture of ${picture}`, {
          window,
          picture,
        })
      }
      return { shape: [height, width, image.channels] }
    })
  },
  weights: noWeights,
  multiplyAdds: noMultiplyAdds,
  window: (p) => ({
    kernel: p.kernel_size,
    stride: p.stride,
    dilation: p.dilation,
    offset: [-p.padding[0], -p.padding[1]],
  }),
  forward: (ops, { inputs, params: p }) =>
    ops.maxPool(inputs[0], {
      kernel: p.kernel_size,
      stride: p.stride,
      padding: resolvePadding(p.padding, p.kernel_size, p.dilation),
      dilation: p.dilation,
    }),
})
