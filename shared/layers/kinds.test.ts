import { describe, expect, it } from 'vitest'
import { elementCount, type Shape } from '../network/shape'
import { locales, type LayerKind } from './define'
import { layerKinds } from './registry'

const image: Shape = [12, 10, 6]
const flat: Shape = [30]
const ranks = { conv: 4, conv_transpose: 4, linear: 2, vector: 1, image: 3 }

/** The shapes of one picture that a layer kind takes, with its default parameters. */
function fitting(kind: LayerKind): readonly Shape[] {
  if (kind.arity.max === 0) return []
  const shape = [image, flat].find((candidate) => 'shape' in kind.infer(kind.params.parse({}), [candidate]))
  if (!shape) throw new Error(`${kind.kind} takes neither a picture nor a flat input`)
  return Array.from({ length: Math.max(kind.arity.min, 1) }, () => shape)
}

describe.each([...layerKinds])('layer kind %s', (name, kind) => {
  const params = kind.params.parse({})
  const keys = Object.keys(kind.params.shape)

  it('has a name made for documents', () => {
    expect(kind.kind).toBe(name)
    expect(name).toMatch(/^[a-z][a-z0-9_]*$/)
    expect(kind.arity.min).toBeLessThanOrEqual(kind.arity.max)
  })

  it('shows a field for every parameter and no other', () => {
    expect(Object.keys(kind.fields).sort()).toEqual([...keys].sort())
  })

  it.each(locales)('is explained in %s', (locale) => {
    const text = kind.text[locale]
    expect(text.label.trim()).not.toBe('')
    expect(text.summary).toMatch(/[.。]$/)
    expect(Object.keys(text.fields).sort()).toEqual([...keys].sort())
    for (const [key, field] of Object.entries(text.fields)) {
      expect(field.label.trim()).not.toBe('')
      expect(field.help).toMatch(/[.。]$/)
      const control = kind.fields[key]
      const words = control?.control === 'choice' ? control.options : []
      expect(Object.keys(field.options ?? {}).sort()).toEqual([...words].sort())
    }
  })

  it('parses its own defaults to themselves', () => {
    expect(kind.params.parse(params)).toEqual(params)
    expect(Object.keys(params).sort()).toEqual([...keys].sort())
  })

  it('refuses parameters that it does not know', () => {
    expect(kind.params.safeParse({ ...params, no_such_parameter: 1 }).success).toBe(false)
  })

  it.each(Object.entries(kind.fields))('keeps the bounds of the field %s', (key, field) => {
    const accepts = (value: unknown) => kind.params.safeParse({ ...params, [key]: value }).success
    if (field.control === 'toggle') expect([accepts(true), accepts(false), accepts('yes')]).toEqual([true, true, false])
    if (field.control === 'integer') {
      expect([field.min, field.max, field.min - 1, field.max + 1, field.min + 0.5].map(accepts)).toEqual([
        true,
        true,
        false,
        false,
        false,
      ])
    }
    if (field.control === 'number') {
      expect([field.min, field.max, field.min - 1, field.max + 1].map(accepts)).toEqual([true, true, false, false])
    }
    if (field.control === 'pair') {
      const { min, max } = field
      expect([min, [min, max], [max, min], [min - 1, min], [min, max + 1], [min]].map(accepts)).toEqual([
        true,
        true,
        true,
        false,
        false,
        false,
      ])
      expect(accepts(null)).toBe(field.optional === true)
    }
    if (field.control === 'choice') {
      expect([...field.options, 'no such word'].map(accepts)).toEqual([...field.options.map(() => true), false])
    }
    if (field.control === 'sizes') {
      const { length, max } = field
      const longest = Array<number>(length).fill(1)
      const wrong = [[], [0], [-2], [max + 1], [1.5], [...longest, 1], longest.with(0, -1).with(1, -1)]
      expect([[1], [max], [-1], longest, longest.with(0, -1)].map(accepts)).toEqual([true, true, true, true, true])
      expect(wrong.map(accepts)).toEqual(wrong.map(() => false))
    }
    if (field.control === 'padding') {
      expect([0, [0, field.max], 'same', 'valid', [0, field.max + 1], 'full'].map(accepts)).toEqual([
        true,
        true,
        true,
        true,
        false,
        false,
      ])
    }
  })

  it('infers whole sizes, and weights that can be made', () => {
    const inputs = fitting(kind)
    const result = kind.infer(params, inputs)
    if (!('shape' in result)) throw new Error(result.problem.message)
    expect(result.shape.every((size) => Number.isInteger(size) && size > 0)).toBe(true)
    expect(kind.multiplyAdds(params, inputs, result.shape)).toBeGreaterThanOrEqual(0)
    const weights = kind.weights(params, inputs)
    expect(new Set(weights.map((weight) => weight.name)).size).toBe(weights.length)
    for (const weight of weights) {
      expect(Number.isInteger(elementCount(weight.shape)) && elementCount(weight.shape) > 0, weight.name).toBe(true)
      expect(weight.shape.length).toBe(ranks[weight.layout])
      if (weight.init.type === 'kernel') expect(weight.init.fanIn).toBe(elementCount(weight.shape.slice(1)))
      if (weight.name.startsWith('running_')) expect(weight.trainable).toBe(false)
    }
  })

  it('says what is wrong in words and a rule, where a shape does not fit', () => {
    if (kind.arity.max === 0) return
    for (const shape of [image, flat, [1, 1, 1]]) {
      const result = kind.infer(params, [shape])
      if ('shape' in result) continue
      expect(result.problem.rule).toMatch(/^[a-z0-9-]+$/)
      expect(result.problem.message.length).toBeGreaterThan(10)
    }
  })
})

describe('problems of shapes', () => {
  function ruleOf(kindName: string, params: object, inputs: readonly Shape[]): string | null {
    const kind = layerKinds.get(kindName)
    const result = kind?.infer(kind.params.parse(params), inputs)
    return result && 'problem' in result ? result.problem.rule : null
  }

  it.each([
    ['conv2d', {}, [30], 'needs-image'],
    ['batch_norm2d', {}, [30], 'needs-image'],
    ['max_pool2d', {}, [30], 'needs-image'],
    ['global_avg_pool', {}, [30], 'needs-image'],
    ['dropout2d', {}, [30], 'needs-image'],
    ['linear', {}, [5, 5, 3], 'needs-flat'],
    ['conv2d', { padding: 'same', stride: 2 }, [8, 8, 4], 'same-needs-stride-1'],
    ['conv2d', { groups: 3, out_channels: 6 }, [8, 8, 4], 'groups-divide'],
    ['conv2d', { groups: 2, out_channels: 5 }, [8, 8, 4], 'groups-divide'],
    ['conv2d', { kernel_size: 5 }, [4, 8, 1], 'kernel-too-large'],
    ['conv2d', { kernel_size: 3, dilation: 4 }, [8, 9, 1], 'kernel-too-large'],
    ['separable_conv2d', { padding: 'same', stride: [1, 2] }, [8, 8, 4], 'same-needs-stride-1'],
    ['separable_conv2d', { kernel_size: [1, 9] }, [8, 8, 4], 'kernel-too-large'],
    ['conv_transpose2d', { groups: 3, out_channels: 6 }, [8, 8, 4], 'groups-divide'],
    ['conv_transpose2d', { output_padding: 2 }, [8, 8, 4], 'output-padding'],
    ['conv_transpose2d', { output_padding: 2, dilation: 3 }, [8, 8, 4], null],
    ['conv_transpose2d', { padding: 8 }, [8, 8, 4], 'transposed-too-small'],
    ['group_norm', { num_groups: 3 }, [8, 8, 4], 'norm-groups-divide'],
    ['max_pool2d', { kernel_size: 3 }, [2, 8, 1], 'window-too-large'],
    ['max_pool2d', { kernel_size: 3, padding: 2 }, [8, 8, 1], 'pool-padding'],
    ['avg_pool2d', { kernel_size: 3 }, [2, 8, 1], 'window-too-large'],
    ['avg_pool2d', { kernel_size: 3, ceil_mode: true }, [2, 8, 1], null],
    ['avg_pool2d', { padding: [2, 0] }, [8, 8, 1], 'pool-padding'],
    ['reshape', { shape: [-1, 7, 1] }, [2, 3, 5], 'reshape-count'],
    ['reshape', { shape: [29] }, [2, 3, 5], 'reshape-count'],
    ['conv2d', { kernel_size: 5, padding: 2 }, [1, 1, 1], null],
  ])('%s %o on %o: %s', (kind, params, input, rule) => {
    expect(ruleOf(kind, params, [input])).toBe(rule)
  })

  it.each([
    ['add', [8, 8, 4], [8, 8, 5], 'add-shapes'],
    ['add', [4], [1, 1, 4], 'add-shapes'],
    ['concatenate', [8, 8, 4], [8, 7, 4], 'concatenate-shapes'],
    ['concatenate', [8, 8, 4], [8], 'concatenate-shapes'],
    ['concatenate', [8, 8, 4], [8, 8, 1], null],
    ['multiply', [8, 8, 4], [8, 8, 1], 'multiply-shapes'],
    ['multiply', [8, 8, 4], [5], 'multiply-shapes'],
    ['multiply', [2, 2, 4], [4, 1, 1], 'multiply-shapes'],
    ['multiply', [8, 8, 4], [4], null],
    ['multiply', [1, 1, 4], [8, 8, 4], null],
  ])('%s of %o and %o: %s', (kind, first, second, rule) => {
    expect(ruleOf(kind, {}, [first, second])).toBe(rule)
  })
})

describe('shapes', () => {
  function shapeOf(kindName: string, params: object, ...inputs: readonly Shape[]): Shape | null {
    const kind = layerKinds.get(kindName)
    const result = kind?.infer(kind.params.parse(params), inputs)
    return result && 'shape' in result ? result.shape : null
  }

  it.each([
    ['conv_transpose2d', { out_channels: 6, kernel_size: 3, stride: [2, 3], padding: [1, 0] }, [5, 4, 2], [9, 12, 6]],
    ['conv_transpose2d', { out_channels: 6, dilation: 3, output_padding: [1, 2] }, [5, 4, 2], [13, 12, 6]],
    ['max_pool2d', { kernel_size: 3, stride: 2, ceil_mode: true }, [6, 7, 2], [3, 3, 2]],
    // The last window would start in the padding at the bottom, which PyTorch does not let it.
    ['max_pool2d', { kernel_size: 2, stride: 3, padding: 1, ceil_mode: true }, [5, 5, 2], [2, 2, 2]],
    ['avg_pool2d', { kernel_size: 3, stride: 2, ceil_mode: true }, [2, 6, 2], [1, 3, 2]],
    ['upsample', { scale_factor: [2, 3] }, [4, 4, 2], [8, 12, 2]],
    ['upsample', { size: [7, 5] }, [4, 4, 2], [7, 5, 2]],
    ['reshape', { shape: [5, -1, 2] }, [2, 3, 5], [3, 2, 5]],
    ['reshape', { shape: [-1] }, [2, 3, 5], [30]],
    ['zero_pad2d', { left: 1, right: 2, top: 3, bottom: 4 }, [5, 5, 2], [12, 8, 2]],
    ['global_avg_pool', {}, [5, 5, 2], [2]],
    ['adaptive_avg_pool2d', { output_size: [3, 9] }, [5, 5, 2], [3, 9, 2]],
  ])('%s %o makes %o to %o', (kind, params, input, output) => {
    expect(shapeOf(kind, params, input)).toEqual(output)
  })

  it('joins channels, features, and factors in either order', () => {
    expect(shapeOf('concatenate', {}, [4, 4, 2], [4, 4, 3], [4, 4, 1])).toEqual([4, 4, 6])
    expect(shapeOf('concatenate', {}, [7], [5])).toEqual([12])
    expect(shapeOf('multiply', {}, [3], [4, 4, 3], [1, 1, 3])).toEqual([4, 4, 3])
  })
})
