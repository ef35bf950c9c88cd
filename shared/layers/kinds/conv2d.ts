import { z } from 'zod'
import { kerasConvolution } from '../../codegen/keras-convolution'
import { call, changed, square } from '../../codegen/python'
import { defineLayer, type WeightSpec } from '../define'
import { asImage, elementCount } from '../../network/shape'
import { convolved, firstInput, groupsProblem, lastSize, oneInput, withImage } from '../parts'
import { paddingSchema, pair, resolvePadding } from '../params'

const params = z.strictObject({
  out_channels: z.int().min(1).max(16384).default(16),
  kernel_size: pair(1).default([3, 3]),
  stride: pair(1).default([1, 1]),
  padding: paddingSchema.default([0, 0]),
  dilation: pair(1).default([1, 1]),
  groups: z.int().min(1).max(16384).default(1),
  bias: z.boolean().default(true),
})

/** torch.nn.Conv2d; `in_channels` is inferred. */
export default defineLayer({
  kind: 'conv2d',
  category: 'convolution',
  arity: oneInput,
  text: {
    en: {
      label: 'Conv2d',
      summary:
        'Slides learned kernels over the picture. Each output is the sum of a window times a kernel, over all channels of its group.',
      fields: {
        out_channels: { label: 'Output channels', help: 'How many kernels are learned; each makes one feature map.' },
        kernel_size: { label: 'Kernel size', help: 'Height and width of each kernel.' },
        stride: { label: 'Stride', help: 'How far the window moves between two outputs.' },
        padding: { label: 'Padding', help: 'Zeros around the picture, or “same” and “valid”.' },
        dilation: { label: 'Dilation', help: 'Distance between the pixels that one kernel sees.' },
        groups: { label: 'Groups', help: 'Splits the channels into groups that do not see each other.' },
        bias: { label: 'Bias', help: 'Adds one learned value to each feature map.' },
      },
    },
    'zh-CN': {
      label: '二维卷积',
      summary: '让学习到的卷积核在图片上滑动。每个输出是窗口与卷积核在所属分组全部通道上的乘积之和。',
      fields: {
        out_channels: { label: '输出通道数', help: '学习多少个卷积核；每个产生一张特征图。' },
        kernel_size: { label: '卷积核大小', help: '每个卷积核的高和宽。' },
        stride: { label: '步幅', help: '相邻两个输出之间窗口移动的距离。' },
        padding: { label: '填充', help: '图片四周补的零，或“same”与“valid”。' },
        dilation: { label: '空洞率', help: '一个卷积核所看像素之间的间距。' },
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
    padding: { control: 'padding', max: 4096 },
    dilation: { control: 'pair', min: 1, max: 4096 },
    groups: { control: 'integer', min: 1, max: 16384 },
    bias: { control: 'toggle' },
  },
  infer: (p, inputs) =>
    withImage(
      inputs,
      (image) => groupsProblem(p.groups, image.channels, p.out_channels) ?? convolved(image, p, p.out_channels),
    ),
  weights(p, inputs) {
    const channels = lastSize(firstInput(inputs))
    const [kh, kw] = p.kernel_size
    const perGroup = channels / p.groups
    const fanIn = perGroup * kh * kw
    const kernel: WeightSpec = {
      name: 'weight',
      layout: 'conv',
      shape: [p.out_channels, perGroup, kh, kw],
      trainable: true,
      init: { type: 'kernel', fanIn, fanOut: p.out_channels * kh * kw },
    }
    if (!p.bias) return [kernel]
    return [
      kernel,
      { name: 'bias', layout: 'vector', shape: [p.out_channels], trainable: true, init: { type: 'bias', fanIn } },
    ]
  },
  multiplyAdds(p, inputs, output) {
    const channels = asImage(firstInput(inputs))?.channels ?? 0
    return elementCount(output) * (channels / p.groups) * p.kernel_size[0] * p.kernel_size[1]
  },
  window(p) {
    const padding = resolvePadding(p.padding, p.kernel_size, p.dilation)
    return {
      kernel: p.kernel_size,
      stride: p.stride,
      dilation: p.dilation,
      offset: [-padding.top, -padding.left],
    }
  },
  forward(ops, { inputs, params: p, weight }) {
    const options = {
      stride: p.stride,
      padding: resolvePadding(p.padding, p.kernel_size, p.dilation),
      dilation: p.dilation,
      groups: p.groups,
    }
    const sums = ops.conv2d(inputs[0], weight('weight'), options)
    return p.bias ? ops.biasAdd(sums, weight('bias')) : sums
  },
  code: {
    torch: ({ params: p, inputShapes }) => ({
      module: call(
        'nn.Conv2d',
        [lastSize(firstInput(inputShapes)), p.out_channels, square(p.kernel_size)],
        changed(
          {
            stride: square(p.stride),
            padding: typeof p.padding === 'string' ? p.padding : square(p.padding),
            dilation: square(p.dilation),
            groups: p.groups,
            bias: p.bias,
          },
          { stride: 1, padding: 0, dilation: 1, groups: 1, bias: true },
        ),
      ),
    }),
    keras: (context) =>
      kerasConvolution(context, { name: context.layer, groups: context.params.groups, bias: context.params.bias }),
  },
})
