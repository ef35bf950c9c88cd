import { EventEmitter } from 'node:events'
import { expect, test, vi } from 'vitest'
import type { FindRateCommand } from '../../../shared/training/range-messages'
import { catalogue } from '../../../shared/data/catalogue'
import { config, smallNetwork } from '../testing/fixtures'
import { createRateFinder, type RangeChild } from './rate-finder'

class FakeChild extends EventEmitter implements RangeChild {
  readonly pid = 99
  readonly stderr = new EventEmitter()
  readonly sent: FindRateCommand[] = []
  postMessage(command: FindRateCommand): void {
    this.sent.push(command)
  }
}

const request = { document: smallNetwork, config: config(), range: { steps: 100, from: 1e-6, to: 1 } }
const result = { points: [], suggestion: { valley: 0.01, steepest: 0.02 }, diverged: true }

function setUp(training = false) {
  const children: FakeChild[] = []
  const [onProgress, onEnd] = [vi.fn(), vi.fn()]
  const finder = createRateFinder({
    fork() {
      const child = new FakeChild()
      children.push(child)
      return child
    },
    kill: (child) => void (child as FakeChild).emit('exit', 9),
    isTraining: () => training,
    findDataset: () => ({ info: catalogue.mnist, folder: '/data' }),
    onProgress,
    onEnd,
    log: () => undefined,
  })
  return { finder, children, onProgress, onEnd }
}

test('a test gives its result, and tells of its points before', async () => {
  const { finder, children, onProgress, onEnd } = setUp()
  const found = finder.find(request)
  const child = children[0]
  child?.emit('spawn')
  expect(child?.sent[0]).toMatchObject({ type: 'find-rate', dataFolders: { mnist: '/data' }, range: request.range })
  child?.emit('message', { type: 'rate-progress', points: [{ rate: 1e-6, loss: 2, smoothed: 2 }], steps: 100 })
  expect(onProgress).toHaveBeenCalledWith({ points: [{ rate: 1e-6, loss: 2, smoothed: 2 }], steps: 100 })
  child?.emit('message', { type: 'rate-found', result })
  expect(await found).toEqual(result)
  // A run may begin at once, while the process goes.
  expect(finder.isBusy()).toBe(false)
  expect(onEnd).toHaveBeenCalledOnce()
  child?.emit('exit', 0)
})

test('it is refused while a run trains or another test goes on', async () => {
  await expect(setUp(true).finder.find(request)).rejects.toMatchObject({ kind: 'busy' })
  const { finder, children } = setUp()
  const first = finder.find(request)
  await expect(finder.find(request)).rejects.toMatchObject({ kind: 'busy' })
  expect(children).toHaveLength(1)
  finder.cancel()
  await expect(first).rejects.toMatchObject({ kind: 'cancelled' })
})

test('its errors, and its silent end, are told', async () => {
  const { finder, children } = setUp()
  const failed = finder.find(request)
  const error = { kind: 'out-of-memory', message: 'full', fix: '', params: {} } as const
  children[0]?.emit('message', { type: 'failed', error })
  await expect(failed).rejects.toMatchObject({ kind: 'out-of-memory', message: 'full' })
  children[0]?.emit('exit', 1)
  await vi.waitFor(() => expect(finder.isBusy()).toBe(false))
  const crashed = finder.find(request)
  children[1]?.emit('exit', 11)
  await expect(crashed).rejects.toMatchObject({ kind: 'trainer-crashed', params: { detail: 'signal SIGSEGV' } })
})

test('a test that hangs is ended, and another may begin', async () => {
  vi.useFakeTimers()
  try {
    const { finder, children } = setUp()
    const hung = finder.find(request)
    const ending = expect(hung).rejects.toMatchObject({ params: { detail: 'no sign of life for 600 s' } })
    await vi.advanceTimersByTimeAsync(500_000)
    children[0]?.emit('message', { type: 'rate-progress', points: [], steps: 100 })
    await vi.advanceTimersByTimeAsync(599_000)
    expect(finder.isBusy()).toBe(true)
    await vi.advanceTimersByTimeAsync(1000)
    await ending
    expect(finder.isBusy()).toBe(false)
  } finally {
    vi.useRealTimers()
  }
})
