import { describe, expect, it } from 'vitest'
import { runConfigSchema } from '../../../shared/training/config'
import type { RunSummary } from '../../../shared/ipc/contract'
import { sampleRun } from '../../testing/samples'
import { filterRuns, noFilter, sortRuns, type RunFilter } from './run-list'

const good = sampleRun({
  name: 'b 10',
  state: { type: 'finished', test: { loss: 0.1, accuracy: 0.99 } },
  createdAt: 3,
  tags: ['wide', 'final'],
  config: runConfigSchema.parse({ learning_rate: 0.02, optimizer: { type: 'nesterov', weight_decay: 0.5 } }),
})
const poor = sampleRun({ name: 'a', state: { type: 'finished', test: { loss: 0.9, accuracy: 0.7 } }, createdAt: 2 })
const none = sampleRun({ name: 'b 9', state: { type: 'stopped' }, createdAt: 1, note: 'noisy', archived: true })
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
  it('puts pinned runs first, whatever the order', () => {
    const pinned = { ...none, pinned: true }
    expect(sortRuns([good, poor, pinned], { key: 'accuracy', descending: true }, 0)).toEqual([pinned, good, poor])
  })
})

describe('filterRuns', () => {
  const words = (run: RunSummary) => `${run.name} ${run.state.type} ${run.note}`
  const found = (part: Partial<RunFilter>) => filterRuns(all, { ...noFilter, archived: 'show', ...part }, words)

  it('finds every word, in any case', () => {
    expect(found({ text: 'B FIN' })).toEqual([good])
    expect(found({ text: '  ' })).toEqual(all)
    expect(found({ text: '"b 9" noisy' })).toEqual([none])
    expect(found({ text: 'nothing' })).toEqual([])
  })
  it('finds settings by their names, short ones too', () => {
    expect(found({ text: 'lr:0.02' })).toEqual([good])
    expect(found({ text: 'learning_rate:2e-2' })).toEqual([good])
    expect(found({ text: 'optimizer:nest' })).toEqual([good])
    expect(found({ text: 'optimizer:adam' })).toEqual([poor, none])
    expect(found({ text: 'weight_decay:0.5' })).toEqual([good])
    expect(found({ text: 'lr:0.002' })).toEqual([])
  })
  it('compares numbers', () => {
    expect(found({ text: 'accuracy:>0.9' })).toEqual([good])
    expect(found({ text: 'accuracy:<=0.7' })).toEqual([poor])
    expect(found({ text: 'lr:<0.01 state:finished' })).toEqual([poor])
  })
  it('finds tags, states and data sets', () => {
    expect(found({ tags: ['wide'] })).toEqual([good])
    expect(found({ tags: ['wide', 'other'] })).toEqual([])
    expect(found({ text: 'tag:fin' })).toEqual([good])
    expect(found({ states: ['stopped'] })).toEqual([none])
    expect(found({ datasets: ['fashion-mnist'] })).toEqual([])
  })
  it('leaves the archive out, in, or alone', () => {
    expect(found({ archived: 'hide' })).toEqual([good, poor])
    expect(found({ archived: 'only' })).toEqual([none])
  })
})
