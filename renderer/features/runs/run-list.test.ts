import { describe, expect, it } from 'vitest'
import { sampleRun } from '../../testing/samples'
import { filterRuns, sortRuns } from './run-list'

const good = sampleRun({ name: 'b 10', state: { type: 'finished', test: { loss: 0.1, accuracy: 0.99 } }, createdAt: 3 })
const poor = sampleRun({ name: 'a', state: { type: 'finished', test: { loss: 0.9, accuracy: 0.7 } }, createdAt: 2 })
const none = sampleRun({ name: 'b 9', state: { type: 'stopped' }, createdAt: 1 })
const all = [good, poor, none]

describe('sortRuns', () => {
  it('puts runs without a value last in both directions', () => {
    expect(sortRuns(all, { key: 'accuracy', descending: true }, 0)).toEqual([good, poor, none])
    expect(sortRuns(all, { key: 'accuracy', descending: false }, 0)).toEqual([poor, good, none])
  })
  it('sorts names as people count', () => {
    expect(sortRuns(all, { key: 'name', descending: false }, 0).map((run) => run.name)).toEqual(['a', 'b 9', 'b 10'])
  })
  it('sorts by time', () => {
    expect(sortRuns(all, { key: 'started', descending: false }, 0)).toEqual([none, poor, good])
  })
})

it('filters by every word, in any case', () => {
  const words = (run: { name: string; state: { type: string } }) => `${run.name} ${run.state.type}`
  expect(filterRuns(all, 'B FIN', words)).toEqual([good])
  expect(filterRuns(all, '  ', words)).toEqual(all)
  expect(filterRuns(all, 'nothing', words)).toEqual([])
})
