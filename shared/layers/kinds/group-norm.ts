import { z } from 'zod'
import { call, changed } from '../../codegen/python'
import { defineLayer, problem } from '../define'
import { elementCount } from '../../network/shape'
import { affineWeights, firstInput, lastSize, noWindow, oneInput, withImage } from '../parts'

const params = z.strictObject({
  num_groups: z.int().min(1).max(16384).default(1),
  eps: z.number().positive().max(1).default(1e-5),
  affine: z.boolean().default(true),
})

/** torch.nn.GroupNorm on a picture. Wu and He 2018. */
export default defineLayer({
  kind: 'group_norm',
  category: 'normalization',
  aliases: ['GroupNormalization'],
  arity: oneInput,
  text: {
    en: {
      label: 'GroupNorm',
      summary:
        'Brings each group of channels of each example to mean 0 and variance 1, then scales and shifts every channel.',
      fields: {
        num_groups: { label: 'Groups', help: 'How many groups the channels are split into; must divide them.' },
        eps: { label: 'Epsilon', help: 'Added to the variance, so that nothing is divided by zero.' },
        affine: { label: 'Scale and shift', help: 'Learns a scale and a shift for each channel.' },
      },
    },
    'zh-CN': {
      label: '组归一化',
      summary: '把每个样本中每组通道变为均值 0、方差 1，再对每个通道缩放和平移。',
      fields: {
        num_groups: { label: '分组数', help: '把通道分成多少组；必须能整除通道数。' },
        eps: { label: 'ε', help: '加在方差上，避免除以零。' },
        affine: { label: '缩放与平移', help: '为每个通道学习一个缩放和一个平移。' },
      },
    },
  },
  params,
  fields: {
    num_groups: { control: 'integer', min: 1, max: 16384 },
    eps: { control: 'number', min: 1e-12, max: 1, step: 1e-5 },
    affine: { control: 'toggle' },
  },
  infer(p, inputs) {
    return withImage(inputs, ({ channels }) => {
      if (channels % p.num_groups === 0) return { shape: firstInput(inputs) }
      return problem('norm-groups-divide', `${p.num_groups} groups do not divide the ${channels} channels that enter`, {
        groups: p.num_groups,
        channels,
      })
    })
  },
  weights: (p, inputs) => affineWeights('vector', [lastSize(firstInput(inputs))], { scale: p.affine, shift: p.affine }),
  multiplyAdds: (_p, _inputs, output) => 2 * elementCount(output),
  window: noWindow,
  forward: (ops, { inputs, params: p, weight }) =>
    ops.groupNorm(
      inputs[0],
      { scale: p.affine ? weight('weight') : null, shift: p.affine ? weight('bias') : null },
      { groups: p.num_groups, eps: p.eps },
    ),
  code: {
    torch: ({ params: p, inputShapes }) => ({
      module: call(
        'nn.GroupNorm',
        [p.num_groups, lastSize(firstInput(inputShapes))],
        changed({ eps: p.eps, affine: p.affine }, { eps: 1e-5, affine: true }),
      ),
    }),
    keras({ layer, params: p, inputs: [x] }) {
      const affine = changed({ center: p.affine, scale: p.affine }, { center: true, scale: true })
      const keywords = { groups: p.num_groups, epsilon: p.eps, ...affine, name: layer }
      return [`${call('layers.GroupNormalization', [], keywords)}(${x})`]
    },
  },
})
