import { z } from 'zod'
import { call, changed } from '../../codegen/python'
import { defineLayer, type WeightSpec } from '../define'
import { elementCount } from '../../network/shape'
import { firstInput, lastSize, noWindow, oneInput, withImage } from '../parts'

const params = z.strictObject({
  eps: z.number().positive().max(1).default(1e-5),
  momentum: z.number().min(0).max(1).default(0.1),
  affine: z.boolean().default(true),
})

/** torch.nn.BatchNorm2d with track_running_stats. Ioffe and Szegedy 2015. */
export default defineLayer({
  kind: 'batch_norm2d',
  category: 'normalization',
  aliases: ['BatchNormalization', 'bn'],
  arity: oneInput,
  text: {
    en: {
      label: 'BatchNorm2d',
      summary:
        'Brings every channel to mean 0 and variance 1 over the batch, then scales and shifts it by learned values.',
      fields: {
        eps: { label: 'Epsilon', help: 'Added to the variance, so that nothing is divided by zero.' },
        momentum: { label: 'Momentum', help: 'How much each batch moves the running mean and variance.' },
        affine: { label: 'Scale and shift', help: 'Learns a scale and a shift for each channel.' },
      },
    },
    'zh-CN': {
      label: '批归一化',
      summary: '在一个批次上把每个通道变为均值 0、方差 1，再用学习到的数值缩放和平移。',
      fields: {
        eps: { label: 'ε', help: '加在方差上，避免除以零。' },
        momentum: { label: '动量', help: '每个批次对滑动均值和方差的影响程度。' },
        affine: { label: '缩放与平移', help: '为每个通道学习一个缩放和一个平移。' },
      },
    },
  },
  params,
  fields: {
    eps: { control: 'number', min: 1e-12, max: 1, step: 1e-5 },
    momentum: { control: 'number', min: 0, max: 1, step: 0.01 },
    affine: { control: 'toggle' },
  },
  infer: (_p, inputs) => withImage(inputs, () => ({ shape: firstInput(inputs) })),
  weights(p, inputs) {
    const vector = (name: string, value: number, trainable: boolean): WeightSpec => ({
      name,
      layout: 'vector',
      shape: [lastSize(firstInput(inputs))],
      trainable,
      init: { type: 'constant', value },
    })
    const affine = p.affine ? [vector('weight', 1, true), vector('bias', 0, true)] : []
    return [...affine, vector('running_mean', 0, false), vector('running_var', 1, false)]
  },
  multiplyAdds: (_p, _inputs, output) => 2 * elementCount(output),
  window: noWindow,
  forward(ops, { inputs, params: p, weight }) {
    const weights = {
      scale: p.affine ? weight('weight') : null,
      shift: p.affine ? weight('bias') : null,
      runningMean: weight('running_mean'),
      runningVar: weight('running_var'),
    }
    return ops.batchNorm(inputs[0], weights, { eps: p.eps, momentum: p.momentum })
  },
  code: {
    torch: ({ params: p, inputShapes }) => ({
      module: call(
        'nn.BatchNorm2d',
        [lastSize(firstInput(inputShapes))],
        changed({ eps: p.eps, momentum: p.momentum, affine: p.affine }, { eps: 1e-5, momentum: 0.1, affine: true }),
      ),
    }),
    keras({ layer, params: p, inputs: [x] }) {
      const affine = { center: p.affine, scale: p.affine }
      const keywords = {
        // Keras counts what is kept, PyTorch what is new; rounded, so that 1 - 0.1 is 0.9.
        momentum: Number((1 - p.momentum).toPrecision(12)),
        epsilon: p.eps,
        ...changed(affine, { center: true, scale: true }),
        name: layer,
      }
      return [`${call('layers.BatchNormalization', [], keywords)}(${x})`]
    },
  },
})
