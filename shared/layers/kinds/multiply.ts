import { z } from 'zod'
import { call } from '../../codegen/python'
import { defineLayer, problem } from '../define'
import { asImage, elementCount, formatShape, type Shape } from '../../network/shape'
import { firstInput, lastSize, noMultiplyAdds, noWeights, noWindow, severalInputs } from '../parts'

/** The product of what enters; factors per channel as in squeeze and excitation. Hu, Shen and Sun 2018. */
export default defineLayer({
  kind: 'multiply',
  category: 'merge',
  aliases: ['gate', 'squeeze and excitation'],
  arity: severalInputs,
  text: {
    en: {
      label: 'Multiply',
      summary:
        'Multiplies what enters, value by value; a flat input may hold one factor for each channel of a picture.',
      fields: {},
    },
    'zh-CN': {
      label: '相乘',
      summary: '把各输入逐个数值相乘；展平的输入可以为图片的每个通道提供一个系数。',
      fields: {},
    },
  },
  params: z.strictObject({}),
  fields: {},
  infer(_p, inputs) {
    let shape = firstInput(inputs)
    for (const next of inputs.slice(1)) {
      const joined = productShape(shape, next)
      if (!joined) {
        const sizes = { first: formatShape(shape), second: formatShape(next) }
        const message = `multiplies values of one shape, or a picture by one factor per channel, but ${sizes.first} and ${sizes.second} enter`
        return problem('multiply-shapes', message, sizes)
      }
      shape = joined
    }
    return { shape }
  },
  weights: noWeights,
  multiplyAdds: noMultiplyAdds,
  window: noWindow,
  forward: (ops, { inputs: [first, ...others] }) =>
    others.reduce((product, next) => ops.multiply(product, next), first),
  code: {
    torch: ({ inputs, inputShapes, shape }) => ({
      forward: inputs
        .map((x, index) => (isFlatFactor(inputShapes[index], shape) ? `${x}[:, :, None, None]` : x))
        .join(' * '),
    }),
    keras({ layer, inputs, inputShapes, shape }) {
      const factors = inputs.map((x, index) => {
        if (!isFlatFactor(inputShapes[index], shape)) return x
        return `${call('layers.Reshape', [[1, 1, lastSize(shape)]], { name: `${layer}-factor${index + 1}` })}(${x})`
      })
      return [`${call('layers.Multiply', [], { name: layer })}([${factors.join(', ')}])`]
    },
  },
})

function productShape(a: Shape, b: Shape): Shape | null {
  if (formatShape(a) === formatShape(b) || isFactor(b, a)) return a
  return isFactor(a, b) ? b : null
}

/** Whether `factor` is one value for each channel of `picture`: `[channels]` or `[1, 1, channels]`. */
function isFactor(factor: Shape, picture: Shape): boolean {
  const channels = asImage(picture)?.channels
  return channels !== undefined && elementCount(factor) === channels && factor.at(-1) === channels
}

/** A flat factor of a picture, which code has to give the picture's axes. */
function isFlatFactor(factor: Shape | undefined, product: Shape): boolean {
  return factor?.length === 1 && product.length === 3
}
