import { describe, expect, it } from 'vitest'
import { parseCommand } from './parse-command'
import { startCommand } from './testing/tiny'

describe('parseCommand', () => {
  it('takes what the main process sends', () => {
    const start = startCommand('/runs/x')
    expect(parseCommand(structuredClone(start))).toEqual(start)
    expect(parseCommand({ type: 'pause' })).toEqual({ type: 'pause' })
    const inspect = { type: 'inspect', request: 1, what: { type: 'kernels', layer: 'conv1' } }
    expect(parseCommand(inspect)).toEqual(inspect)
    const { document, config } = start
    const look = { type: 'look', document, config, dataFolder: null }
    expect(parseCommand(structuredClone(look))).toEqual(look)
    const picture = { type: 'bytes', values: Uint8Array.of(1, 2) }
    const query = { type: 'activations', picture, pages: [] }
    const ask = { type: 'ask', request: 'a', weights: { type: 'file', file: '/w' }, query }
    expect(parseCommand(structuredClone(ask))).toEqual(ask)
    const weight = { name: 'fc1.weight', values: Float32Array.of(1), rowsOf: [1, 1, 1] }
    const weights = { type: 'weights', number: 1, weights: [weight, { ...weight, rowsOf: null }] }
    expect(parseCommand(structuredClone(weights))).toEqual(weights)
  })

  it.each([[null], ['start'], [{ type: 'fly' }], [{ type: 'start' }], [{ type: 'pause', now: true }]])(
    'refuses %j',
    (message) => {
      expect(() => parseCommand(message)).toThrow()
    },
  )
})
