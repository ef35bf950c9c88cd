import { describe, expect, it } from 'vitest'
import { isActive, reduceRun, type RunEvent, type RunState } from './state'

const test = { loss: 0.1, accuracy: 0.9 }
const error = { kind: 'trainer-crashed', message: 'gone', fix: '', params: {} } as const
const ends: RunState[] = [{ type: 'finished', test }, { type: 'stopped' }, { type: 'failed', error }]
const events: RunEvent[] = [
  { type: 'ready' },
  { type: 'paused' },
  { type: 'resumed' },
  { type: 'finished', test },
  { type: 'stopped' },
  { type: 'failed', error },
]

describe('reduceRun', () => {
  it('follows a run that is paused, resumed and finished', () => {
    let state: RunState = { type: 'starting' }
    const seen = (['ready', 'paused', 'resumed'] as const).map((type) => (state = reduceRun(state, { type })).type)
    expect(seen).toEqual(['running', 'paused', 'running'])
    expect(reduceRun(state, { type: 'finished', test })).toEqual({ type: 'finished', test })
  })

  it.each(['starting', 'running', 'paused'] as const)('can fail and stop while %s', (type) => {
    expect(reduceRun({ type }, { type: 'failed', error })).toEqual({ type: 'failed', error })
    expect(reduceRun({ type }, { type: 'stopped' })).toEqual({ type: 'stopped' })
    expect(isActive({ type })).toBe(true)
  })

  it.each(ends)('lets nothing change a run that is $type', (end) => {
    expect(isActive(end)).toBe(false)
    for (const event of events) expect(reduceRun(end, event)).toBe(end)
  })
})
