import { z } from 'zod'
import { call } from '../../codegen/python'
import { defineLayer } from '../define'
import { firstInput, noMultiplyAdds, noWeights, noWindow, oneInput } from '../parts'

/** torch.nn.Dropout (inverted): kept values are divided by `1 - p` while training. Srivastava et al. 2014. */
export default defineLayer({
  kind: 'dropout',
  category: 'regularization',
  arity: oneInput,
  text: {
    en: {
      label: 'Dropout',
      summary: 'Sets random values to zero while training, so that the network does not rely on single ones.',
      fields: { p: { label: 'Probability', help: 'Share of the values set to zero in each step.' } },
    },
    'zh-CN': {
      label: '随机失活',
      summary: '训练时随机把一些数值置零，使网络不依赖个别数值。',
      fields: { p: { label: '概率', help: '每一步被置零的数值所占比例。' } },
    },
  },
  params: z.strictObject({ p: z.number().min(0).max(0.999).default(0.5) }),
  fields: { p: { control: 'number', min: 0, max: 0.999, step: 0.05 } },
  infer: (_p, inputs) => ({ shape: firstInput(inputs) }),
  weights: noWeights,
  multiplyAdds: noMultiplyAdds,
  window: noWindow,
  forward: (ops, { inputs, layer, params: p }) => ops.dropout(inputs[0], { rate: p.p, layer, channels: false }),
  code: {
    torch: ({ params: p }) => ({ module: call('nn.Dropout', [p.p]) }),
    keras: ({ layer, params: p, inputs: [x] }) => [`${call('layers.Dropout', [p.p], { name: layer })}(${x})`],
  },
})
