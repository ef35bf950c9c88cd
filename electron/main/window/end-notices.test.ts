import { expect, test } from 'vitest'
import type { RunSummary } from '../../../shared/ipc/contract'
import type { RunState } from '../../../shared/training/state'
import { config } from '../testing/fixtures'
import { texts } from '../texts'
import { createEndNotices, type ExperimentCount, type Notice } from './end-notices'

function setUp() {
  const shown: Notice[] = []
  const chosen = { focused: false, enabled: true, locale: 'en' as 'en' | 'zh-CN' }
  const counts = new Map<string, ExperimentCount>()
  const notices = createEndNotices({
    out: { isFocused: () => chosen.focused, show: (notice) => shown.push(notice) },
    enabled: () => chosen.enabled,
    texts: () => texts[chosen.locale],
    experiment: (id) => counts.get(id) ?? null,
  })
  function pass(end: RunState, experiment: string | null = null): void {
    notices.changed(run({ type: 'running' }, experiment))
    notices.changed(run(end, experiment))
  }
  return { notices, shown, chosen, counts, pass }
}

function run(state: RunState, experiment: string | null): RunSummary {
  const flags = { tags: [], note: '', pinned: false, archived: false, parent: null }
  const rest = { networkName: 'N', createdAt: 1, endedAt: null, engine: null, lastEpoch: null, progress: null }
  return { id: 'a', name: 'First', config: config(), state, experiment, ...rest, ...flags }
}
const finished: RunState = { type: 'finished', test: { loss: 0, accuracy: 0.98765 } }
const failed: RunState = {
  type: 'failed',
  error: { kind: 'not-a-number', message: 'The loss of step 14 is NaN.', fix: '', params: {} },
}

test('each way to end is told in its own words', () => {
  const { shown, pass } = setUp()
  pass(finished)
  pass(failed)
  pass({ type: 'stopped' })
  expect(shown).toEqual([
    { title: '“First” has finished', body: '98.77% of the test pictures are recognized.' },
    { title: '“First” has failed', body: 'The loss of step 14 is NaN.' },
    { title: '“First” was stopped', body: 'What was learned is kept.' },
  ])
})

test('in the language of the window', () => {
  const { shown, pass, chosen } = setUp()
  chosen.locale = 'zh-CN'
  pass(finished)
  expect(shown[0]?.title).toBe('“First”已完成')
})

test('nothing is told to who looks at the window, or has switched it off', () => {
  const { shown, pass, chosen } = setUp()
  chosen.focused = true
  pass(finished)
  chosen.focused = false
  chosen.enabled = false
  pass(finished)
  expect(shown).toEqual([])
})

test('a run is told of once, and not where it only gets another name', () => {
  const { notices, shown, pass } = setUp()
  pass(finished)
  notices.changed(run(finished, null))
  expect(shown).toHaveLength(1)
})

test('an experiment is told of once, at its end', () => {
  const { shown, pass, counts } = setUp()
  counts.set('x', { name: 'Rates', open: 1, ended: 8, failed: 1 })
  pass(failed, 'x')
  expect(shown).toEqual([])
  counts.set('x', { name: 'Rates', open: 0, ended: 9, failed: 1 })
  pass(finished, 'x')
  counts.set('x', { name: 'Rates', open: 0, ended: 9, failed: 0 })
  pass(finished, 'x')
  expect(shown).toEqual([
    { title: 'The experiment “Rates” has ended', body: '9 runs, of which 1 failed.' },
    { title: 'The experiment “Rates” has ended', body: '9 runs.' },
  ])
})

test('what stops with the app is not told', () => {
  const { notices, shown } = setUp()
  notices.changed(run({ type: 'running' }, null))
  notices.close()
  notices.changed(run({ type: 'stopped' }, null))
  expect(shown).toEqual([])
})
