import { z } from 'zod'
import { call } from '../../codegen/python'
import { defineLayer, problem } from '../define'
import { formatShape, type Shape } from '../../network/shape'
import { firstInput, lastSize, noMultiplyAdds, noWeights, noWindow, severalInputs } from '../parts'

/** torch.cat over the channels of pictures, or over the features of flat inputs. */
export default defineLayer({
  kind: 'concatenate',
  category: 'merge',
  aliases: ['Concat'],
  arity: severalInputs,
  text: {
    en: {
      label: 'Concatenate',
      summary: 'Lays the channels of pictures of one size behind each other, or the values of flat inputs.',
      fields: {},
    },
    'zh-CN': {
      label: '拼接',
      summary: '把大小相同的图片按通道前后拼接，或把展平输入的数值首尾相接。',
      fields: {},
    },
  },
  params: z.strictObject({}),
  fields: {},
  infer(_p, inputs) {
    const first = firstInput(inputs)
    const odd = inputs.find((shape) => placesOf(shape) !== placesOf(first))
    if (odd) {
      const sizes = { first: formatShape(first), second: formatShape(odd) }
      const message = `joins channels of pictures of one height and width, but ${sizes.first} and ${sizes.second} enter`
      return problem('concatenate-shapes', message, sizes)
    }
    return { shape: [...first.slice(0, -1), inputs.reduce((sum, shape) => sum + lastSize(shape), 0)] }
  },
  weights: noWeights,
  multiplyAdds: noMultiplyAdds,
  window: noWindow,
  forward: (ops, { inputs }) => ops.concatenate(inputs),
  code: {
    torch: ({ inputs }) => ({ forward: `torch.cat([${inputs.join(', ')}], dim=1)` }),
    keras: ({ layer, inputs }) => [`${call('layers.Concatenate', [], { name: layer })}([${inputs.join(', ')}])`],
  },
})

/** All but the channels. */
function placesOf(shape: Shape): string {
  return formatShape(shape.slice(0, -1))
}
