import { expect, test } from 'vitest'
import type { RunSummary } from '../../../shared/ipc/contract'
import type { Progress, RunState } from '../../../shared/training/state'
import { config } from '../testing/fixtures'
import { createActivity, type TaskbarProgress } from './activity'

function setUp() {
  const taskbar: (TaskbarProgress | null)[] = []
  const awake: boolean[] = []
  const badges: number[] = []
  const window = { focused: true }
  const activity = createActivity({
    taskbar: (progress) => taskbar.push(progress),
    keepAwake: (on) => awake.push(on),
    badge: (count) => badges.push(count),
    isFocused: () => window.focused,
  })
  const change = (state: RunState, id = 'a') => activity.changed(run(id, state))
  return { activity, change, taskbar, awake, badges, window }
}

function run(id: string, state: RunState): RunSummary {
  const flags = { tags: [], note: '', pinned: false, archived: false, experiment: null, parent: null }
  const rest = { networkName: 'N', createdAt: 1, endedAt: null, engine: null, lastEpoch: null, progress: null }
  return { id, name: id, config: config(), state, ...rest, ...flags }
}
function progress(step: number): Progress {
  return { epoch: 1, epochs: 1, step, totalSteps: 200, imagesPerSecond: 1, secondsLeft: 1 }
}
const error = { kind: 'disk-full', message: 'full', fix: '', params: {} } as const
const finished: RunState = { type: 'finished', test: { loss: 0, accuracy: 1 } }

test('the computer stays awake exactly while a run is at work', () => {
  const { change, awake } = setUp()
  change({ type: 'queued' })
  expect(awake).toEqual([])
  change({ type: 'starting' })
  change({ type: 'running' })
  expect(awake).toEqual([true])
  change({ type: 'paused' })
  expect(awake).toEqual([true, false])
  change({ type: 'running' })
  change(finished)
  expect(awake).toEqual([true, false, true, false])
  change({ type: 'starting' }, 'b')
  change({ type: 'failed', error }, 'b')
  expect(awake.slice(4)).toEqual([true, false])
})

test('another run’s change does not let the computer sleep', () => {
  const { change, awake, taskbar } = setUp()
  change({ type: 'running' })
  change(finished, 'renamed')
  expect(awake).toEqual([true])
  expect(taskbar.at(-1)).toEqual({ share: 0, mode: 'normal' })
})

test('the taskbar shows each hundredth once, and pauses with the run', () => {
  const { activity, change, taskbar } = setUp()
  change({ type: 'starting' })
  change({ type: 'running' })
  for (const step of [1, 2, 3, 100]) activity.progressed('a', progress(step))
  activity.progressed('another', progress(200))
  change({ type: 'paused' })
  change({ type: 'paused', reason: error })
  change({ type: 'running' })
  change(finished)
  expect(taskbar).toEqual([
    { share: 0, mode: 'indeterminate' },
    { share: 0, mode: 'normal' },
    { share: 0.01, mode: 'normal' },
    { share: 0.02, mode: 'normal' },
    { share: 0.5, mode: 'normal' },
    { share: 0.5, mode: 'paused' },
    { share: 0.5, mode: 'error' },
    { share: 0.5, mode: 'normal' },
    null,
  ])
})

test('a failure stays on the taskbar until somebody looks, or the next run begins', () => {
  const { activity, change, taskbar, window } = setUp()
  window.focused = false
  change({ type: 'running' })
  change({ type: 'failed', error })
  expect(taskbar.at(-1)).toEqual({ share: 1, mode: 'error' })
  activity.focused()
  expect(taskbar.at(-1)).toBeNull()
  change({ type: 'running' }, 'b')
  change({ type: 'failed', error }, 'b')
  change({ type: 'starting' }, 'c')
  expect(taskbar.at(-1)).toEqual({ share: 0, mode: 'indeterminate' })
  window.focused = true
  change({ type: 'failed', error }, 'c')
  expect(taskbar.at(-1)).toBeNull()
})

test('the badge counts what ended unseen', () => {
  const { activity, change, badges, window } = setUp()
  change({ type: 'running' })
  change(finished)
  expect(badges).toEqual([])
  window.focused = false
  for (const id of ['b', 'c']) {
    change({ type: 'running' }, id)
    change(finished, id)
  }
  expect(badges).toEqual([1, 2])
  activity.focused()
  expect(badges).toEqual([1, 2, 0])
})

test('the end of the app takes everything back', () => {
  const { activity, change, taskbar, awake } = setUp()
  change({ type: 'running' })
  activity.close()
  expect([taskbar.at(-1), awake.at(-1)]).toEqual([null, false])
})
