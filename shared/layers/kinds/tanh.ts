import { z } from 'zod'
import { call } from '../../codegen/python'
import { defineLayer } from '../define'
import { noMultiplyAdds, noWeights, noWindow, oneInput, sameShape } from '../parts'

/** torch.nn.Tanh */
export default defineLayer({
  kind: 'tanh',
  category: 'activation',
  arity: oneInput,
  text: {
    en: { label: 'Tanh', summary: 'Squeezes every value between -1 and 1 by the hyperbolic tangent.', fields: {} },
    'zh-CN': { label: 'Tanh', summary: '用双曲正切把每个数值压缩到 -1 与 1 之间。', fields: {} },
  },
  params: z.strictObject({}),
  fields: {},
  infer: sameShape,
  weights: noWeights,
  multiplyAdds: noMultiplyAdds,
  window: noWindow,
  forward: (ops, { inputs }) => ops.tanh(inputs[0]),
  code: {
    torch: () => ({ module: 'nn.Tanh()' }),
    keras: ({ layer, inputs: [x] }) => [`${call('layers.Activation', ['tanh'], { name: layer })}(${x})`],
  },
})
