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
  })

  it.each([[null], ['start'], [{ type: 'fly' }], [{ type: 'start' }], [{ type: 'pause', now: true }]])(
    'refuses %j',
    (message) => {
      expect(() => parseCommand(message)).toThrow()
    },
  )
})
