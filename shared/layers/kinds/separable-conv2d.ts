import { z } from 'zod'
import { kerasConvolution } from '../../codegen/keras-convolution'
import { call, changed, square } from '../../codegen/python'
import { defineLayer, type WeightSpec } from '../define'
import { asImage } from '../../network/shape'
import { convolved, firstInput, lastSize, oneInput, withImage } from '../parts'
import { paddingSchema, pair, resolvePadding } from '../params'

const params = z.strictObject({
  out_channels: z.int().min(1).max(16384).default(16),
  kernel_size: pair(1).default([3, 3]),
  stride: pair(1).default([1, 1]),
  padding: paddingSchema.default([0, 0]),
  dilation: pair(1).default([1, 1]),
  depth_multiplier: z.int().min(1).max(256).default(1),
  bias: z.boolean().default(true),
})

/**
 * In PyTorch `depthwise`, a Conv2d with one group per channel and without bias, then `pointwise`, a 1 × 1 Conv2d.
 * Chollet 2017; Howard et al. 2017.
 */
export default defineLayer({
  kind: 'separable_conv2d',
  category: 'convolution',
  aliases: ['depthwise'],
  arity: oneInput,
  text: {
    en: {
      label: 'SeparableConv2d',
      summary:
        'A convolution in two cheap steps: first every channel by itself, then all channels of one place are mixed.',
      fields: {
        out_channels: { label: 'Output channels', help: 'How many mixtures are learned; each makes one feature map.' },
        kernel_size: { label: 'Kernel size', help: 'Height and width of the kernel of each channel.' },
        stride: { label: 'Stride', help: 'How far the window moves between two outputs.' },
        padding: { label: 'Padding', help: 'Zeros around the picture, or “same” and “valid”.' },
        dilation: { label: 'Dilation', help: 'Distance between the pixels that one kernel sees.' },
        depth_multiplier: {
          label: 'Kernels per channel',
          help: 'How many kernels each channel has in the first step.',
        },
        bias: { label: 'Bias', help: 'Adds one learned value to each feature map.' },
      },
    },
    'zh-CN': {
      label: '深度可分离卷积',
      summary: '分两步的低成本卷积：先对每个通道单独卷积，再混合同一位置的全部通道。',
      fields: {
        out_channels: { label: '输出通道数', help: '学习多少种混合；每种产生一张特征图。' },
        kernel_size: { label: '卷积核大小', help: '每个通道的卷积核的高和宽。' },
        stride: { label: '步幅', help: '相邻两个输出之间窗口移动的距离。' },
        padding: { label: '填充', help: '图片四周补的零，或“same”与“valid”。' },
        dilation: { label: '空洞率', help: '一个卷积核所看像素之间的间距。' },
        depth_multiplier: { label: '每通道卷积核数', help: '第一步中每个通道有多少个卷积核。' },
        bias: { label: '偏置', help: '给每张特征图加上一个学习到的数值。' },
      },
    },
  },
  params,
  fields: {
    out_channels: { control: 'integer', min: 1, max: 16384 },
    kernel_size: { control: 'pair', min: 1, max: 4096 },
    stride: { control: 'pair', min: 1, max: 4096 },
    padding: { control: 'padding', max: 4096 },
    dilation: { control: 'pair', min: 1, max: 4096 },
    depth_multiplier: { control: 'integer', min: 1, max: 256 },
    bias: { control: 'toggle' },
  },
  infer: (p, inputs) => withImage(inputs, (image) => convolved(image, p, p.out_channels)),
  weights(p, inputs) {
    const [kh, kw] = p.kernel_size
    const between = lastSize(firstInput(inputs)) * p.depth_multiplier
    const kernels: WeightSpec[] = [
      {
        name: 'depthwise.weight',
        layout: 'conv',
        shape: [between, 1, kh, kw],
        trainable: true,
        init: { type: 'kernel', fanIn: kh * kw, fanOut: between * kh * kw },
      },
      {
        name: 'pointwise.weight',
        layout: 'conv',
        shape: [p.out_channels, between, 1, 1],
        trainable: true,
        init: { type: 'kernel', fanIn: between, fanOut: p.out_channels },
      },
    ]
    if (!p.bias) return kernels
    const init = { type: 'bias', fanIn: between } as const
    return [...kernels, { name: 'pointwise.bias', layout: 'vector', shape: [p.out_channels], trainable: true, init }]
  },
  multiplyAdds(p, inputs, output) {
    const [height = 1, width = 1] = output
    const between = (asImage(firstInput(inputs))?.channels ?? 0) * p.depth_multiplier
    return height * width * between * (p.kernel_size[0] * p.kernel_size[1] + p.out_channels)
  },
  window(p) {
    const padding = resolvePadding(p.padding, p.kernel_size, p.dilation)
    return { kernel: p.kernel_size, stride: p.stride, dilation: p.dilation, offset: [-padding.top, -padding.left] }
  },
  forward(ops, { inputs, inputShapes, params: p, weight }) {
    const spread = ops.conv2d(inputs[0], weight('depthwise.weight'), {
      stride: p.stride,
      padding: resolvePadding(p.padding, p.kernel_size, p.dilation),
      dilation: p.dilation,
      groups: lastSize(firstInput(inputShapes)),
    })
    const mixed = ops.conv2d(spread, weight('pointwise.weight'), {
      stride: [1, 1],
      padding: { top: 0, bottom: 0, left: 0, right: 0 },
      dilation: [1, 1],
      groups: 1,
    })
    return p.bias ? ops.biasAdd(mixed, weight('pointwise.bias')) : mixed
  },
  code: {
    torch({ params: p, inputShapes }) {
      const channels = lastSize(firstInput(inputShapes))
      const between = channels * p.depth_multiplier
      const depthwise = call('nn.Conv2d', [channels, between, square(p.kernel_size)], {
        ...changed(
          {
            stride: square(p.stride),
            padding: typeof p.padding === 'string' ? p.padding : square(p.padding),
            dilation: square(p.dilation),
          },
          { stride: 1, padding: 0, dilation: 1 },
        ),
        groups: channels,
        bias: false,
      })
      const pointwise = call('nn.Conv2d', [between, p.out_channels, 1], changed({ bias: p.bias }, { bias: true }))
      return { module: `nn.Sequential(OrderedDict(depthwise=${depthwise}, pointwise=${pointwise}))` }
    },
    keras(context) {
      const { layer, params: p, inputShapes, output } = context
      const channels = lastSize(firstInput(inputShapes))
      const depthwise = { ...p, out_channels: channels * p.depth_multiplier }
      const name = `${layer}-depthwise`
      const steps = kerasConvolution({ ...context, params: depthwise }, { name, groups: channels, bias: false })
      const pointwise = call('layers.Conv2D', [p.out_channels, 1], {
        ...changed({ use_bias: p.bias }, { use_bias: true }),
        name: `${layer}-pointwise`,
      })
      return [...steps, `${pointwise}(${output})`]
    },
  },
})
