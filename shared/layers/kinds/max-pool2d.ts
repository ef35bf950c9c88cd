import { z } from 'zod'
import { call, changed, code, square } from '../../codegen/python'
import { defineLayer } from '../define'
import { asImage } from '../../network/shape'
import { firstInput, noMultiplyAdds, noWeights, oneInput, poolProblem, withImage } from '../parts'
import { pair, poolWindows } from '../params'

const params = z.strictObject({
  kernel_size: pair(1).default([2, 2]),
  stride: pair(1).default([2, 2]),
  padding: pair(0, 2048).default([0, 0]),
  dilation: pair(1).default([1, 1]),
  ceil_mode: z.boolean().default(false),
})

/** torch.nn.MaxPool2d */
export default defineLayer({
  kind: 'max_pool2d',
  category: 'pooling',
  aliases: ['MaxPooling2D'],
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
        ceil_mode: { label: 'Round up', help: 'Also keeps the windows that reach beyond the edge.' },
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
        ceil_mode: { label: '向上取整', help: '也保留超出边缘的窗口。' },
      },
    },
  },
  params,
  fields: {
    kernel_size: { control: 'pair', min: 1, max: 4096 },
    stride: { control: 'pair', min: 1, max: 4096 },
    padding: { control: 'pair', min: 0, max: 2048 },
    dilation: { control: 'pair', min: 1, max: 4096 },
    ceil_mode: { control: 'toggle' },
  },
  infer(p, inputs) {
    return withImage(inputs, (image) => {
      const size = poolWindows(image, p)
      const wrong = poolProblem(image, { kernel: p.kernel_size, padding: p.padding }, size)
      return wrong ?? { shape: [size.height, size.width, image.channels] }
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
  forward(ops, { inputs, inputShapes, params: p }) {
    const image = asImage(firstInput(inputShapes))
    const [down, across] = image ? poolWindows(image, p).excess : [0, 0]
    const [vertical, horizontal] = p.padding
    return ops.maxPool(inputs[0], {
      kernel: p.kernel_size,
      stride: p.stride,
      // What `ceil_mode` reaches beyond the edge never wins either, so it is padding.
      padding: { top: vertical, bottom: vertical + down, left: horizontal, right: horizontal + across },
      dilation: p.dilation,
    })
  },
  code: {
    torch: ({ params: p }) => ({
      module: call(
        'nn.MaxPool2d',
        [square(p.kernel_size), square(p.stride)],
        changed(
          { padding: square(p.padding), dilation: square(p.dilation), ceil_mode: p.ceil_mode },
          { padding: 0, dilation: 1, ceil_mode: false },
        ),
      ),
    }),
    keras({ layer, params: p, inputShapes, inputs: [x] }) {
      const image = asImage(firstInput(inputShapes))
      const [down, across] = image ? poolWindows(image, p).excess : [0, 0]
      const [vertical, horizontal] = p.padding
      const sides = [vertical, vertical + down, horizontal, horizontal + across]
      if (sides.every((side) => side === 0) && p.dilation.every((step) => step === 1)) {
        const strides = changed({ strides: square(p.stride) }, { strides: square(p.kernel_size) })
        return [`${call('layers.MaxPooling2D', [square(p.kernel_size)], { ...strides, name: layer })}(${x})`]
      }
      const padding = [
        [vertical, vertical + down],
        [horizontal, horizontal + across],
      ]
      const dilation = p.dilation.some((step) => step > 1) ? { dilation: p.dilation } : {}
      return [call('max_pool2d', [code(x), p.kernel_size, p.stride, padding], { ...dilation, name: layer })]
    },
  },
})
