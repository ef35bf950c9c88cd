import { expect, test } from 'vitest'
import { sampleRun } from '../../testing/samples'
import { interruptedRun } from './interrupted-run'

function failed(detail: string) {
  const error = { kind: 'trainer-crashed', message: '', fix: '', params: { detail } } as const
  return sampleRun({ state: { type: 'failed', error } })
}

test('only the newest run that has begun is offered, where it was cut off', () => {
  const cutOff = failed('interrupted')
  const queued = sampleRun({ state: { type: 'queued' } })
  expect(interruptedRun([queued, cutOff, failed('interrupted')])).toBe(cutOff)
  expect(interruptedRun([sampleRun({ state: { type: 'stopped' } }), cutOff])).toBeNull()
  expect(interruptedRun([failed('signal SIGKILL')])).toBeNull()
  expect(interruptedRun([])).toBeNull()
})
