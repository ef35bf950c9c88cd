import { z } from 'zod'
import { call } from '../../codegen/python'
import { defineLayer } from '../define'
import { firstInput, noMultiplyAdds, noWeights, noWindow, oneInput } from '../parts'

/** torch.nn.ReLU */
export default defineLayer({
  kind: 'relu',
  category: 'activation',
  arity: oneInput,
  text: {
    en: { label: 'ReLU', summary: 'Keeps positive values and sets negative ones to zero.', fields: {} },
    'zh-CN': { label: 'ReLU', summary: '保留正值，把负值变为零。', fields: {} },
  },
  params: z.strictObject({}),
  fields: {},
  infer: (_p, inputs) => ({ shape: firstInput(inputs) }),
  weights: noWeights,
  multiplyAdds: noMultiplyAdds,
  window: noWindow,
  forward: (ops, { inputs }) => ops.relu(inputs[0]),
  code: {
    torch: () => ({ module: 'nn.ReLU()' }),
    keras: ({ layer, inputs: [x] }) => [`${call('layers.ReLU', [], { name: layer })}(${x})`],
  },
})
