import { expect, test, vi } from 'vitest'
import type { DocumentAnswer } from '../../../shared/ipc/document-calls'
import { createCloseGuard } from './close-guard'

function setUp(...answers: DocumentAnswer[]) {
  const ask = vi.fn(() => Promise.resolve(answers.shift() ?? 'cancel'))
  const effects = { save: vi.fn(), discard: vi.fn(), close: vi.fn() }
  const guard = createCloseGuard({ ask, ...effects })
  guard.setUnsaved('Net')
  return { ask, ...effects, guard }
}

async function settled(): Promise<void> {
  await new Promise((done) => setImmediate(done))
}

test('a saved design closes at once', () => {
  const { guard, ask } = setUp()
  guard.setUnsaved(null)
  expect(guard.mayClose()).toBe(true)
  expect(ask).not.toHaveBeenCalled()
})

test('cancel keeps everything, and the next try asks again', async () => {
  const { guard, ask, close, discard } = setUp('cancel', 'cancel')
  expect(guard.mayClose()).toBe(false)
  expect(guard.mayClose()).toBe(false)
  await settled()
  expect(ask).toHaveBeenCalledTimes(1)
  expect(guard.mayClose()).toBe(false)
  await settled()
  expect(ask).toHaveBeenCalledTimes(2)
  expect([close.mock.calls.length, discard.mock.calls.length]).toEqual([0, 0])
})

test('not saving gives the design up, then closes', async () => {
  const { guard, close, discard } = setUp('no')
  guard.mayClose()
  await settled()
  expect(discard).toHaveBeenCalledOnce()
  expect(close).toHaveBeenCalledOnce()
  expect(guard.mayClose()).toBe(true)
})

test('saving closes only when it worked', async () => {
  const { guard, close, save } = setUp('yes', 'yes')
  guard.mayClose()
  await settled()
  expect(save).toHaveBeenCalledOnce()
  guard.saved(false)
  expect(close).not.toHaveBeenCalled()
  guard.mayClose()
  await settled()
  guard.saved(true)
  expect(close).toHaveBeenCalledOnce()
})

test('a window that never answers can still be left', async () => {
  const { guard, close } = setUp('yes', 'no')
  guard.mayClose()
  await settled()
  guard.mayClose()
  await settled()
  expect(close).toHaveBeenCalledOnce()
})

test('a save that was not asked for closes nothing', () => {
  const { guard, close } = setUp()
  guard.saved(true)
  expect(close).not.toHaveBeenCalled()
})
