import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { AppError } from '../errors'
import { parseNetwork, readNetwork } from './parse'

const text = readFileSync(new URL('../../resources/networks/reference.json', import.meta.url), 'utf8')
const valid = { format: 'convscope.network', version: 1, name: 'x', layers: [{ id: 'a', kind: 'input' }] }

function errorOf(run: () => unknown): AppError {
  try {
    run()
  } catch (error) {
    if (error instanceof AppError) return error
    throw error
  }
  throw new Error('nothing was thrown')
}

describe('parseNetwork', () => {
  it('reads the reference network', () => {
    expect(parseNetwork(text, 'reference.json').layers).toHaveLength(15)
  })

  it('fills in absent parameters and inputs', () => {
    expect(readNetwork(valid, 'x').layers[0]).toEqual({ id: 'a', kind: 'input', params: {}, inputs: [] })
  })

  it.each([text.slice(0, -20), '', 'not JSON'])('says that text is not JSON, and which file', (broken) => {
    const error = errorOf(() => parseNetwork(broken, 'my.json'))
    expect(error.kind).toBe('invalid-network')
    expect(error.message).toMatch(/^my\.json is not JSON/)
    expect(error.fix).not.toBe('')
  })

  it.each(['[]', '{}', 'null', '3', '{"format": "other", "version": 1}'])('refuses other JSON: %s', (other) => {
    const error = errorOf(() => parseNetwork(other, 'my.json'))
    expect(error.kind).toBe('invalid-network')
    expect(error.message).toMatch(/my\.json is not a Convscope network/)
  })

  it.each([
    [2, /Update Convscope/],
    [0, /Save it again/],
  ])('tells version %d from damage', (version, fix) => {
    const error = errorOf(() => readNetwork({ ...valid, version, anything: true }, 'my.json'))
    expect(error).toMatchObject({ kind: 'unsupported-version', params: { version, supported: 1 } })
    expect(error.fix).toMatch(fix)
  })

  it.each([
    [{ ...valid, layers: [] }, /layers/],
    [{ ...valid, name: '' }, /name/],
    [{ ...valid, extra: 1 }, /extra/],
    [{ ...valid, layers: [{ id: '1a', kind: 'input' }] }, /layers\.0\.id/],
    [{ ...valid, layers: [{ id: 'a b', kind: 'input' }] }, /layers\.0\.id/],
    [{ ...valid, layers: [{ id: 'a', kind: 'input', inputs: [3] }] }, /layers\.0\.inputs\.0/],
    [{ ...valid, layers: [{ id: 'a', kind: 'input', position: { x: 1 } }] }, /position/],
  ])('names the damaged field: %o', (damaged, field) => {
    const error = errorOf(() => readNetwork(damaged, 'my.json'))
    expect(error.kind).toBe('invalid-network')
    expect(error.message).toMatch(/^my\.json is damaged/)
    expect(error.message).toMatch(field)
  })
})
