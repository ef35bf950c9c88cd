import { describe, expect, it } from 'vitest'
import { elementCount, type Shape } from '../network/shape'
import { locales, type LayerKind } from './define'
import { layerKinds } from './registry'

const image: Shape = [12, 10, 6]
const flat: Shape = [30]

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
    for (const field of Object.values(text.fields)) {
      expect(field.label.trim()).not.toBe('')
      expect(field.help).toMatch(/[.。]$/)
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
      expect(weight.shape.length).toBe({ conv: 4, linear: 2, vector: 1 }[weight.layout])
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
  function ruleOf(kindName: string, params: object, input: Shape): string | null {
    const kind = layerKinds.get(kindName)
    const result = kind?.infer(kind.params.parse(params), [input])
    return result && 'problem' in result ? result.problem.rule : null
  }

  it.each([
    ['conv2d', {}, [30], 'needs-image'],
    ['batch_norm2d', {}, [30], 'needs-image'],
    ['max_pool2d', {}, [30], 'needs-image'],
    ['linear', {}, [5, 5, 3], 'needs-flat'],
    ['conv2d', { padding: 'same', stride: 2 }, [8, 8, 4], 'same-needs-stride-1'],
    ['conv2d', { groups: 3, out_channels: 6 }, [8, 8, 4], 'groups-divide'],
    ['conv2d', { groups: 2, out_channels: 5 }, [8, 8, 4], 'groups-divide'],
    ['conv2d', { kernel_size: 5 }, [4, 8, 1], 'kernel-too-large'],
    ['conv2d', { kernel_size: 3, dilation: 4 }, [8, 9, 1], 'kernel-too-large'],
    ['max_pool2d', { kernel_size: 3 }, [2, 8, 1], 'window-too-large'],
    ['max_pool2d', { kernel_size: 3, padding: 2 }, [8, 8, 1], 'pool-padding'],
    ['conv2d', { kernel_size: 5, padding: 2 }, [1, 1, 1], null],
  ])('%s %o on %o: %s', (kind, params, input, rule) => {
    expect(ruleOf(kind, params, input)).toBe(rule)
  })
})
