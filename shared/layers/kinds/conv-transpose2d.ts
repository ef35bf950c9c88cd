import { z } from 'zod'
import { kerasTransposedConvolution } from '../../codegen/keras-convolution'
import { call, changed, square } from '../../codegen/python'
import { defineLayer, problem, type WeightSpec } from '../define'
import { elementCount } from '../../network/shape'
import { firstInput, groupsProblem, lastSize, oneInput, withImage } from '../parts'
import { pair, transposedSize } from '../params'

const params = z.strictObject({
  out_channels: z.int().min(1).max(16384).default(16),
  kernel_size: pair(1).default([2, 2]),
  stride: pair(1).default([2, 2]),
  padding: pair(0).default([0, 0]),
  output_padding: pair(0).default([0, 0]),
  dilation: pair(1).default([1, 1]),
  groups: z.int().min(1).max(16384).default(1),
  bias: z.boolean().default(true),
})

/** torch.nn.ConvTranspose2d; `in_channels` is inferred. */
export default defineLayer({
  kind: 'conv_transpose2d',
  category: 'convolution',
  aliases: ['Conv2DTranspose', 'deconvolution'],
  arity: oneInput,
  text: {
    en: {
      label: 'ConvTranspose2d',
      summary:
        'A convolution run backwards: every value spreads a learned kernel into a larger picture, where they add up.',
      fields: {
        out_channels: { label: 'Output channels', help: 'How many feature maps come out.' },
        kernel_size: { label: 'Kernel size', help: 'Height and width of each kernel.' },
        stride: { label: 'Stride', help: 'How far apart two neighbouring values lay their kernels.' },
        padding: { label: 'Padding', help: 'Rows and columns cut off on each side of the result.' },
        output_padding: {
          label: 'Output padding',
          help: 'Rows and columns more at the bottom and right; less than the stride or the dilation.',
        },
        dilation: { label: 'Dilation', help: 'Distance between the values of one kernel.' },
        groups: { label: 'Groups', help: 'Splits the channels into groups that do not see each other.' },
        bias: { label: 'Bias', help: 'Adds one learned value to each feature map.' },
      },
    },
    'zh-CN': {
      label: '转置卷积',
      summary: '反向的卷积：每个数值把学习到的卷积核铺到更大的图片上，重叠处相加。',
      fields: {
        out_channels: { label: '输出通道数', help: '输出多少张特征图。' },
        kernel_size: { label: '卷积核大小', help: '每个卷积核的高和宽。' },
        stride: { label: '步幅', help: '相邻两个数值铺放卷积核的间距。' },
        padding: { label: '填充', help: '从结果每一侧裁去的行数和列数。' },
        output_padding: { label: '输出填充', help: '在下方和右侧多出的行数和列数；须小于步幅或空洞率。' },
        dilation: { label: '空洞率', help: '一个卷积核中数值之间的间距。' },
        groups: { label: '分组数', help: '把通道分成互不相见的若干组。' },
        bias: { label: '偏置', help: '给每张特征图加上一个学习到的数值。' },
      },
    },
  },
  params,
  fields: {
    out_channels: { control: 'integer', min: 1, max: 16384 },
    kernel_size: { control: 'pair', min: 1, max: 4096 },
    stride: { control: 'pair', min: 1, max: 4096 },
    padding: { control: 'pair', min: 0, max: 4096 },
    output_padding: { control: 'pair', min: 0, max: 4096 },
    dilation: { control: 'pair', min: 1, max: 4096 },
    groups: { control: 'integer', min: 1, max: 16384 },
    bias: { control: 'toggle' },
  },
  infer(p, inputs) {
    return withImage(inputs, (image) => {
      const wrong = groupsProblem(p.groups, image.channels, p.out_channels)
      if (wrong) return wrong
      for (const axis of [0, 1] as const) {
        const limit = Math.max(p.stride[axis], p.dilation[axis])
        if (p.output_padding[axis] >= limit) {
          const params = { output_padding: p.output_padding[axis], limit }
          const message = `output padding ${params.output_padding} must be less than the stride or the dilation, ${limit}`
          return problem('output-padding', message, params)
        }
      }
      const size = ([0, 1] as const).map((axis) => spreadSize(p, axis === 0 ? image.height : image.width, axis))
      const [height = 0, width = 0] = size
      if (height < 1 || width < 1) {
        const padding = p.padding.join(' × ')
        const left = `${height} × ${width}`
        return problem(
          'transposed-too-small',
          `padding ${padding} cuts the whole picture away: ${left} would be left`,
          {
            padding,
            left,
          },
        )
      }
      return { shape: [height, width, p.out_channels] }
    })
  },
  weights(p, inputs) {
    const channels = lastSize(firstInput(inputs))
    const [kh, kw] = p.kernel_size
    // torch.nn.init counts the second axis as what enters, whatever the layer means by it.
    const fanIn = (p.out_channels / p.groups) * kh * kw
    const kernel: WeightSpec = {
      name: 'weight',
      layout: 'conv_transpose',
      shape: [channels, p.out_channels / p.groups, kh, kw],
      trainable: true,
      init: { type: 'kernel', fanIn, fanOut: channels * kh * kw },
    }
    if (!p.bias) return [kernel]
    return [
      kernel,
      { name: 'bias', layout: 'vector', shape: [p.out_channels], trainable: true, init: { type: 'bias', fanIn } },
    ]
  },
  multiplyAdds(p, inputs) {
    return elementCount(firstInput(inputs)) * (p.out_channels / p.groups) * p.kernel_size[0] * p.kernel_size[1]
  },
  window(p) {
    const axes = ([0, 1] as const).map((axis) => {
      const span = p.dilation[axis] * (p.kernel_size[axis] - 1)
      const stride = p.stride[axis]
      return { kernel: Math.floor(span / stride) + 1, first: Math.ceil((p.padding[axis] - span) / stride) }
    })
    const [down, across] = axes
    return {
      kernel: [down?.kernel ?? 1, across?.kernel ?? 1],
      stride: [1 / p.stride[0], 1 / p.stride[1]],
      dilation: [1, 1],
      offset: [down?.first ?? 0, across?.first ?? 0],
    }
  },
  forward(ops, { inputs, params: p, weight }) {
    const sums = ops.convTranspose2d(inputs[0], weight('weight'), {
      stride: p.stride,
      padding: p.padding,
      outputPadding: p.output_padding,
      dilation: p.dilation,
      groups: p.groups,
    })
    return p.bias ? ops.biasAdd(sums, weight('bias')) : sums
  },
  code: {
    torch: ({ params: p, inputShapes }) => ({
      module: call(
        'nn.ConvTranspose2d',
        [lastSize(firstInput(inputShapes)), p.out_channels, square(p.kernel_size), square(p.stride)],
        changed(
          {
            padding: square(p.padding),
            output_padding: square(p.output_padding),
            groups: p.groups,
            bias: p.bias,
            dilation: square(p.dilation),
          },
          { padding: 0, output_padding: 0, groups: 1, bias: true, dilation: 1 },
        ),
      ),
    }),
    keras: kerasTransposedConvolution,
  },
})

function spreadSize(p: z.infer<typeof params>, size: number, axis: 0 | 1): number {
  return transposedSize(size, p.kernel_size[axis], {
    stride: p.stride[axis],
    padding: p.padding[axis],
    outputPadding: p.output_padding[axis],
    dilation: p.dilation[axis],
  })
}
