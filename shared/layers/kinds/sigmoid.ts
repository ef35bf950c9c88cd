import { z } from 'zod'
import { call } from '../../codegen/python'
import { defineLayer } from '../define'
import { noMultiplyAdds, noWeights, noWindow, oneInput, sameShape } from '../parts'

/** torch.nn.Sigmoid */
export default defineLayer({
  kind: 'sigmoid',
  category: 'activation',
  arity: oneInput,
  text: {
    en: { label: 'Sigmoid', summary: 'Squeezes every value between 0 and 1: 1 / (1 + e⁻ˣ).', fields: {} },
    'zh-CN': { label: 'Sigmoid', summary: '把每个数值压缩到 0 与 1 之间：1 / (1 + e⁻ˣ)。', fields: {} },
  },
  params: z.strictObject({}),
  fields: {},
  infer: sameShape,
  weights: noWeights,
  multiplyAdds: noMultiplyAdds,
  window: noWindow,
  forward: (ops, { inputs }) => ops.sigmoid(inputs[0]),
  code: {
    torch: () => ({ module: 'nn.Sigmoid()' }),
    keras: ({ layer, inputs: [x] }) => [`${call('layers.Activation', ['sigmoid'], { name: layer })}(${x})`],
  },
})
