import Ajv2020 from 'ajv/dist/2020'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { layerKinds } from '../layers/registry'
import { networkJsonSchema } from './json-schema'

const published: unknown = JSON.parse(
  readFileSync(new URL('../../resources/schema/network.schema.json', import.meta.url), 'utf8'),
)
const templates = import.meta.glob<object>('../../resources/{templates,networks}/*.json', {
  eager: true,
  import: 'default',
})
const validate = new Ajv2020({ strict: false }).compile(networkJsonSchema())

function document(layer: object, rest: object = {}): object {
  const input = { id: 'input', kind: 'input' }
  return { format: 'convscope.network', version: 1, name: 'Test', layers: [input, layer], ...rest }
}

describe('the published JSON Schema', () => {
  it('is up to date (npm run schema)', () => {
    expect(published).toEqual(networkJsonSchema())
  })

  it.each(Object.entries(templates))('accepts %s', (_, template) => {
    validate(template)
    expect(validate.errors).toBeNull()
  })

  it.each([...layerKinds.values()])('accepts the defaults of $kind, left out or written', ({ kind, params }) => {
    for (const written of [{}, params.parse({})]) {
      validate(document({ id: 'x', kind, params: written, inputs: ['input'] }))
      expect(validate.errors).toBeNull()
    }
  })

  it('accepts one number in place of a pair', () => {
    expect(validate(document({ id: 'x', kind: 'conv2d', params: { kernel_size: 3, padding: 'same' } }))).toBe(true)
  })

  it.each([
    ['an unknown kind', document({ id: 'x', kind: 'conv9d' })],
    ['an unknown parameter', document({ id: 'x', kind: 'conv2d', params: { kernel: 3 } })],
    ['another kind’s parameter', document({ id: 'x', kind: 'linear', params: { kernel_size: 3 } })],
    ['a stride of 0', document({ id: 'x', kind: 'conv2d', params: { stride: 0 } })],
    ['an id that is no identifier', document({ id: '1x', kind: 'relu' })],
    ['an unknown field', document({ id: 'x', kind: 'relu', color: 'red' })],
    ['a newer version', document({ id: 'x', kind: 'relu' }, { version: 2 })],
    [
      'a group that repeats 0 times',
      document({ id: 'x', kind: 'relu' }, { groups: [{ id: 'g', layers: ['x'], repeat: 0 }] }),
    ],
  ])('refuses %s', (_, wrong) => {
    expect(validate(wrong)).toBe(false)
  })
})
