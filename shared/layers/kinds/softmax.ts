import { z } from 'zod'
import { call } from '../../codegen/python'
import { defineLayer } from '../define'
import { noMultiplyAdds, noWeights, noWindow, oneInput, sameShape } from '../parts'

/** torch.nn.Softmax over the channels of a picture or the features of a flat input. */
export default defineLayer({
  kind: 'softmax',
  category: 'activation',
  arity: oneInput,
  text: {
    en: {
      label: 'Softmax',
      summary: 'Turns the channels at each place, or all features, into positive shares that add up to 1.',
      fields: {},
    },
    'zh-CN': { label: 'Softmax', summary: '把每个位置的各通道（或全部特征）变成总和为 1 的正数占比。', fields: {} },
  },
  params: z.strictObject({}),
  fields: {},
  infer: sameShape,
  weights: noWeights,
  multiplyAdds: noMultiplyAdds,
  window: noWindow,
  forward: (ops, { inputs }) => ops.softmax(inputs[0]),
  code: {
    torch: () => ({ module: 'nn.Softmax(dim=1)' }),
    keras: ({ layer, inputs: [x] }) => [`${call('layers.Softmax', [], { name: layer })}(${x})`],
  },
})
