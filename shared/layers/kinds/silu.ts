import { z } from 'zod'
import { call } from '../../codegen/python'
import { defineLayer } from '../define'
import { noMultiplyAdds, noWeights, noWindow, oneInput, sameShape } from '../parts'

/** torch.nn.SiLU. Elfwing, Uchibe and Doya 2018. */
export default defineLayer({
  kind: 'silu',
  category: 'activation',
  aliases: ['Swish'],
  arity: oneInput,
  text: {
    en: {
      label: 'SiLU',
      summary: 'Multiplies every value by its own sigmoid, a smooth relative of ReLU, also called Swish.',
      fields: {},
    },
    'zh-CN': { label: 'SiLU', summary: '把每个数值乘以它自己的 sigmoid，是平滑版的 ReLU，也称 Swish。', fields: {} },
  },
  params: z.strictObject({}),
  fields: {},
  infer: sameShape,
  weights: noWeights,
  multiplyAdds: noMultiplyAdds,
  window: noWindow,
  forward: (ops, { inputs }) => ops.silu(inputs[0]),
  code: {
    torch: () => ({ module: 'nn.SiLU()' }),
    keras: ({ layer, inputs: [x] }) => [`${call('layers.Activation', ['silu'], { name: layer })}(${x})`],
  },
})
