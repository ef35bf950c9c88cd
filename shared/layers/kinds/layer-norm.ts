import { z } from 'zod'
import { call, changed } from '../../codegen/python'
import { defineLayer } from '../define'
import { asImage, elementCount } from '../../network/shape'
import { affineWeights, firstInput, lastSize, noWindow, oneInput, sameShape } from '../parts'

const params = z.strictObject({
  eps: z.number().positive().max(1).default(1e-5),
  elementwise_affine: z.boolean().default(true),
  bias: z.boolean().default(true),
})

/** torch.nn.LayerNorm over a whole example: `[C, H, W]` of a picture, the features of a flat input. Ba, Kiros and Hinton 2016. */
export default defineLayer({
  kind: 'layer_norm',
  category: 'normalization',
  aliases: ['LayerNormalization'],
  arity: oneInput,
  text: {
    en: {
      label: 'LayerNorm',
      summary:
        'Brings all values of each example together to mean 0 and variance 1, then scales and shifts each by learned values.',
      fields: {
        eps: { label: 'Epsilon', help: 'Added to the variance, so that nothing is divided by zero.' },
        elementwise_affine: { label: 'Scale and shift', help: 'Learns a scale and a shift for each value.' },
        bias: { label: 'Shift', help: 'Whether the shift is learned too; needs the scale.' },
      },
    },
    'zh-CN': {
      label: '层归一化',
      summary: '把每个样本的全部数值一起变为均值 0、方差 1，再逐个用学习到的数值缩放和平移。',
      fields: {
        eps: { label: 'ε', help: '加在方差上，避免除以零。' },
        elementwise_affine: { label: '缩放与平移', help: '为每个数值学习一个缩放和一个平移。' },
        bias: { label: '平移', help: '是否也学习平移；需要启用缩放。' },
      },
    },
  },
  params,
  fields: {
    eps: { control: 'number', min: 1e-12, max: 1, step: 1e-5 },
    elementwise_affine: { control: 'toggle' },
    bias: { control: 'toggle' },
  },
  infer: sameShape,
  weights(p, inputs) {
    const shape = firstInput(inputs)
    const image = asImage(shape)
    const has = { scale: p.elementwise_affine, shift: p.elementwise_affine && p.bias }
    if (!image) return affineWeights('vector', shape, has)
    return affineWeights('image', [image.channels, image.height, image.width], has)
  },
  multiplyAdds: (_p, _inputs, output) => 2 * elementCount(output),
  window: noWindow,
  forward: (ops, { inputs, params: p, weight }) =>
    ops.layerNorm(
      inputs[0],
      {
        scale: p.elementwise_affine ? weight('weight') : null,
        shift: p.elementwise_affine && p.bias ? weight('bias') : null,
      },
      { eps: p.eps },
    ),
  code: {
    torch({ params: p, inputShapes }) {
      const shape = firstInput(inputShapes)
      const image = asImage(shape)
      const size = image ? [image.channels, image.height, image.width] : lastSize(shape)
      const { eps, elementwise_affine, bias } = p
      const usual = { eps: 1e-5, elementwise_affine: true, bias: true }
      return { module: call('nn.LayerNorm', [size], changed({ eps, elementwise_affine, bias }, usual)) }
    },
    keras({ layer, params: p, inputShapes, inputs: [x] }) {
      const axes = firstInput(inputShapes).map((_size, axis) => axis + 1)
      const affine = { center: p.elementwise_affine && p.bias, scale: p.elementwise_affine }
      const keywords = {
        axis: axes.length > 1 ? axes : undefined,
        epsilon: p.eps,
        ...changed(affine, { center: true, scale: true }),
        name: layer,
      }
      return [`${call('layers.LayerNormalization', [], keywords)}(${x})`]
    },
  },
})
