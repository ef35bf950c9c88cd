import { z } from 'zod'
import { call } from '../../codegen/python'
import { defineLayer, problem } from '../define'
import { formatShape } from '../../network/shape'
import { firstInput, noMultiplyAdds, noWeights, noWindow, severalInputs } from '../parts'

/** The sum of what enters, as in residual networks. He et al. 2016. */
export default defineLayer({
  kind: 'add',
  category: 'merge',
  aliases: ['residual', 'skip connection', 'shortcut', 'sum'],
  arity: severalInputs,
  text: {
    en: {
      label: 'Add',
      summary: 'Adds what enters, value by value: the meeting point of a skip connection.',
      fields: {},
    },
    'zh-CN': { label: '相加', summary: '把各输入逐个数值相加：跳跃连接的汇合处。', fields: {} },
  },
  params: z.strictObject({}),
  fields: {},
  infer(_p, inputs) {
    const first = formatShape(firstInput(inputs))
    const odd = inputs.map(formatShape).find((shape) => shape !== first)
    if (odd === undefined) return { shape: firstInput(inputs) }
    return problem('add-shapes', `adds values of one shape, but ${first} and ${odd} enter`, { first, second: odd })
  },
  weights: noWeights,
  multiplyAdds: noMultiplyAdds,
  window: noWindow,
  forward: (ops, { inputs }) => ops.add(inputs),
  code: {
    torch: ({ inputs }) => ({ forward: inputs.join(' + ') }),
    keras: ({ layer, inputs }) => [`${call('layers.Add', [], { name: layer })}([${inputs.join(', ')}])`],
  },
})
