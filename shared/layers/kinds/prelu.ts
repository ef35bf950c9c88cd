import { z } from 'zod'
import { call, changed, code } from '../../codegen/python'
import { defineLayer } from '../define'
import { firstInput, lastSize, noMultiplyAdds, noWindow, oneInput, sameShape } from '../parts'

const params = z.strictObject({
  per_channel: z.boolean().default(false),
  init: z.number().min(-10).max(10).default(0.25),
})

/** torch.nn.PReLU; `num_parameters` is 1 or the number of channels. He et al. 2015. */
export default defineLayer({
  kind: 'prelu',
  category: 'activation',
  arity: oneInput,
  text: {
    en: {
      label: 'PReLU',
      summary: 'Keeps positive values and multiplies negative ones by a learned slope.',
      fields: {
        per_channel: { label: 'One per channel', help: 'Learns a slope for each channel instead of one for all.' },
        init: { label: 'Start', help: 'The slope that training starts from.' },
      },
    },
    'zh-CN': {
      label: 'PReLU',
      summary: '保留正值，把负值乘以学习到的斜率。',
      fields: {
        per_channel: { label: '逐通道', help: '为每个通道学习一个斜率，而不是共用一个。' },
        init: { label: '初始值', help: '训练开始时的斜率。' },
      },
    },
  },
  params,
  fields: {
    per_channel: { control: 'toggle' },
    init: { control: 'number', min: -10, max: 10, step: 0.05 },
  },
  infer: sameShape,
  weights: (p, inputs) => [
    {
      name: 'weight',
      layout: 'vector',
      shape: [p.per_channel ? lastSize(firstInput(inputs)) : 1],
      trainable: true,
      init: { type: 'constant', value: p.init },
    },
  ],
  multiplyAdds: noMultiplyAdds,
  window: noWindow,
  forward: (ops, { inputs, weight }) => ops.prelu(inputs[0], weight('weight')),
  code: {
    torch: ({ params: p, inputShapes }) => ({
      module: call(
        'nn.PReLU',
        p.per_channel ? [lastSize(firstInput(inputShapes))] : [],
        changed({ init: p.init }, { init: 0.25 }),
      ),
    }),
    keras({ layer, params: p, inputShapes, inputs: [x] }) {
      const axes = firstInput(inputShapes).map((_size, axis) => axis + 1)
      const shared = p.per_channel ? axes.slice(0, -1) : axes
      const keywords = {
        alpha_initializer: code(call('keras.initializers.Constant', [p.init])),
        shared_axes: shared.length > 0 ? shared : undefined,
        name: layer,
      }
      return [`${call('layers.PReLU', [], keywords)}(${x})`]
    },
  },
})
