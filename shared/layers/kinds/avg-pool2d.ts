import { z } from 'zod'
import { call, changed, code, square } from '../../codegen/python'
import { defineLayer } from '../define'
import { firstInput, noMultiplyAdds, noWeights, oneInput, poolProblem, withImage } from '../parts'
import { pair, poolWindows, resolvePadding } from '../params'
import { asImage } from '../../network/shape'

const params = z.strictObject({
  kernel_size: pair(1).default([2, 2]),
  stride: pair(1).default([2, 2]),
  padding: pair(0, 2048).default([0, 0]),
  ceil_mode: z.boolean().default(false),
  count_include_pad: z.boolean().default(true),
})

const undilated = [1, 1] as const

/** torch.nn.AvgPool2d */
export default defineLayer({
  kind: 'avg_pool2d',
  category: 'pooling',
  aliases: ['AveragePooling2D'],
  arity: oneInput,
  text: {
    en: {
      label: 'AvgPool2d',
      summary: 'Takes the mean of each window, channel by channel, and so makes the picture smaller.',
      fields: {
        kernel_size: { label: 'Window size', help: 'Height and width of each window.' },
        stride: { label: 'Stride', help: 'How far the window moves between two outputs.' },
        padding: { label: 'Padding', help: 'Zeros around the picture; at most half the window.' },
        ceil_mode: { label: 'Round up', help: 'Also keeps the windows that reach beyond the edge.' },
        count_include_pad: { label: 'Count padding', help: 'Whether the zeros of the padding count in the mean.' },
      },
    },
    'zh-CN': {
      label: '平均池化',
      summary: '逐通道取每个窗口的平均值，使图片变小。',
      fields: {
        kernel_size: { label: '窗口大小', help: '每个窗口的高和宽。' },
        stride: { label: '步幅', help: '相邻两个输出之间窗口移动的距离。' },
        padding: { label: '填充', help: '图片四周补的零；最多为窗口的一半。' },
        ceil_mode: { label: '向上取整', help: '也保留超出边缘的窗口。' },
        count_include_pad: { label: '计入填充', help: '求平均时是否计入填充的零。' },
      },
    },
  },
  params,
  fields: {
    kernel_size: { control: 'pair', min: 1, max: 4096 },
    stride: { control: 'pair', min: 1, max: 4096 },
    padding: { control: 'pair', min: 0, max: 2048 },
    ceil_mode: { control: 'toggle' },
    count_include_pad: { control: 'toggle' },
  },
  infer(p, inputs) {
    return withImage(inputs, (image) => {
      const size = poolWindows(image, { ...p, dilation: undilated })
      const wrong = poolProblem(image, { kernel: p.kernel_size, padding: p.padding }, size)
      return wrong ?? { shape: [size.height, size.width, image.channels] }
    })
  },
  weights: noWeights,
  multiplyAdds: noMultiplyAdds,
  window: (p) => ({
    kernel: p.kernel_size,
    stride: p.stride,
    dilation: undilated,
    offset: [-p.padding[0], -p.padding[1]],
  }),
  forward(ops, { inputs, inputShapes, params: p }) {
    const image = asImage(firstInput(inputShapes))
    return ops.avgPool(inputs[0], {
      kernel: p.kernel_size,
      stride: p.stride,
      padding: resolvePadding(p.padding, p.kernel_size, undilated),
      countPadding: p.count_include_pad,
      excess: image ? poolWindows(image, { ...p, dilation: undilated }).excess : [0, 0],
    })
  },
  code: {
    torch: ({ params: p }) => ({
      module: call(
        'nn.AvgPool2d',
        [square(p.kernel_size), square(p.stride)],
        changed(
          { padding: square(p.padding), ceil_mode: p.ceil_mode, count_include_pad: p.count_include_pad },
          { padding: 0, ceil_mode: false, count_include_pad: true },
        ),
      ),
    }),
    keras({ layer, params: p, inputShapes, inputs: [x] }) {
      const image = asImage(firstInput(inputShapes))
      const excess = image ? poolWindows(image, { ...p, dilation: undilated }).excess : [0, 0]
      if ([...p.padding, ...excess].every((side) => side === 0)) {
        const strides = changed({ strides: square(p.stride) }, { strides: square(p.kernel_size) })
        return [`${call('layers.AveragePooling2D', [square(p.kernel_size)], { ...strides, name: layer })}(${x})`]
      }
      const keywords = changed({ excess, count_padding: p.count_include_pad }, { excess: [0, 0], count_padding: true })
      return [call('avg_pool2d', [code(x), p.kernel_size, p.stride, p.padding], keywords)]
    },
  },
})
