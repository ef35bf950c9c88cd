import { z } from 'zod'
import { call } from '../../codegen/python'
import { defineLayer, problem } from '../define'
import { asImage, elementCount, formatShape, type Shape } from '../../network/shape'
import { firstInput, noMultiplyAdds, noWeights, noWindow, oneInput } from '../parts'

const size = z.union([z.literal(-1), z.int().min(1).max(1_000_000)])

const params = z.strictObject({
  shape: z
    .array(size)
    .min(1)
    .max(3)
    .refine((sizes) => sizes.length !== 2, 'give one size, or channels, height and width')
    .refine((sizes) => sizes.filter((one) => one === -1).length <= 1, 'only one size may be -1')
    .default([-1]),
})

/** torch.reshape of each example, in PyTorch's order: `[C, H, W]` or `[features]`. */
export default defineLayer({
  kind: 'reshape',
  category: 'shape',
  aliases: ['View'],
  arity: oneInput,
  text: {
    en: {
      label: 'Reshape',
      summary: 'Gives the same values, in PyTorch’s order (channel, row, column), another shape.',
      fields: {
        shape: {
          label: 'Shape',
          help: 'Channels, height and width, or one number of features; one may be -1 and follows from the others.',
        },
      },
    },
    'zh-CN': {
      label: '变形',
      summary: '数值不变，按 PyTorch 的顺序（通道、行、列）换成另一种形状。',
      fields: {
        shape: { label: '形状', help: '通道数、高、宽，或单个特征数；其中一个可以是 -1，由其余的推算。' },
      },
    },
  },
  params,
  fields: { shape: { control: 'sizes', length: 3, max: 1_000_000 } },
  infer(p, inputs) {
    const entering = firstInput(inputs)
    const shape = resolved(p.shape, elementCount(entering))
    if (shape) return { shape }
    const wanted = p.shape.join(' × ')
    const count = elementCount(entering)
    return problem('reshape-count', `${formatShape(entering)} are ${count} values, which cannot become ${wanted}`, {
      shape: formatShape(entering),
      count,
      wanted,
    })
  },
  weights: noWeights,
  multiplyAdds: noMultiplyAdds,
  window: noWindow,
  forward(ops, { inputs, inputShapes, params: p }) {
    const shape = resolved(p.shape, elementCount(firstInput(inputShapes)))
    if (!shape) throw new RangeError('a reshape that was not inferred')
    return ops.reshape(inputs[0], shape)
  },
  code: {
    torch({ inputs: [x], shape }) {
      const image = asImage(shape)
      const sizes = image ? [image.channels, image.height, image.width] : shape
      return { forward: `${x}.reshape(${[`${x}.shape[0]`, ...sizes].join(', ')})` }
    },
    keras({ layer, inputShapes, inputs: [x], output, shape }) {
      const image = asImage(shape)
      const sizes = image ? [image.channels, image.height, image.width] : shape
      const enter = asImage(firstInput(inputShapes))
        ? [call('layers.Permute', [[3, 1, 2]], { name: `${layer}-channels_first` })]
        : []
      const leave = image ? [call('layers.Permute', [[2, 3, 1]], { name: `${layer}-channels_last` })] : []
      const [first, ...others] = [...enter, call('layers.Reshape', [sizes], { name: layer }), ...leave]
      return [`${first}(${x})`, ...others.map((step) => `${step}(${output})`)]
    },
  },
})

/** In the engines' order, with -1 worked out; null where `count` values do not fill the sizes. */
function resolved(sizes: readonly number[], count: number): Shape | null {
  const known = sizes.filter((one) => one !== -1).reduce((product, one) => product * one, 1)
  const whole = sizes.map((one) => (one === -1 ? count / known : one))
  if (!whole.every(Number.isInteger) || elementCount(whole) !== count) return null
  const [channels, height, width] = whole
  if (channels === undefined || height === undefined || width === undefined) return whole
  return [height, width, channels]
}
