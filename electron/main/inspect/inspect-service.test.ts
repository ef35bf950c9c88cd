import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { AppError } from '../../../shared/errors'
import { smallNetwork } from '../testing/fixtures'
import { addEpoch, kernels, newRun, setUp, soon } from '../testing/inspect-parts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

test('a question goes to a process of its run, with the weights of its moment', async () => {
  const parts = setUp()
  const run = newRun(parts)
  const file = addEpoch(parts, run, 'epoch-0001')
  const { result } = parts.ask(run, { type: 'epoch', epoch: 1 })
  parts.ask(run, { type: 'epoch', epoch: 0 })
  await soon()
  const [link] = parts.links
  expect(parts.links).toHaveLength(1)
  expect(link?.look).toMatchObject({ document: smallNetwork, dataFolder: '/data/mnist' })
  expect(link?.asked.map(({ weights }) => weights)).toEqual([{ type: 'file', file }, { type: 'initial' }])
  link?.settle(kernels)
  expect(await result).toBe(kernels)
  await expect(parts.ask(run, { type: 'epoch', epoch: 7 }).result).rejects.toThrow(/epoch-0007.*missing/)
})

test('kernels of now come from the training itself', async () => {
  const parts = setUp()
  const run = newRun(parts)
  parts.training.set(run, { live: null, kernels })
  const what = { type: 'kernels', layer: 'conv1' } as const
  expect(await parts.ask(run, { type: 'now' }, what).result).toBe(kernels)
  expect(parts.links).toEqual([])
  parts.ask(run, { type: 'epoch', epoch: 0 }, what)
  await soon()
  expect(parts.links).toHaveLength(1)
})

test('a process that rests for a minute is ended; the next question gets a new one', async () => {
  const parts = setUp()
  const run = newRun(parts)
  const { result } = parts.ask(run)
  await soon()
  await vi.advanceTimersByTimeAsync(120_000)
  expect(parts.links[0]?.hasEnded).toBe(false)
  parts.links[0]?.settle(kernels)
  await result
  await vi.advanceTimersByTimeAsync(59_000)
  expect(parts.links[0]?.hasEnded).toBe(false)
  await vi.advanceTimersByTimeAsync(2000)
  expect(parts.links[0]?.hasEnded).toBe(true)
  parts.ask(run)
  await soon()
  expect(parts.links).toHaveLength(2)
})

test('two runs at most are looked into; one at rest makes room before one that works', async () => {
  const parts = setUp()
  const [first, second, third] = [newRun(parts), newRun(parts), newRun(parts)]
  const working = parts.ask(first)
  const done = parts.ask(second)
  await soon()
  parts.links[1]?.settle(kernels)
  await done.result
  parts.ask(third)
  await soon()
  expect(parts.links.map(({ hasEnded }) => hasEnded)).toEqual([false, true, false])
  parts.ask(second)
  await soon()
  expect(parts.links.map(({ hasEnded }) => hasEnded)).toEqual([true, true, false, false])
  await expect(working.result).rejects.toMatchObject({ kind: 'cancelled' })
})

test('after a crash the next question gets a fresh process', async () => {
  const parts = setUp()
  const run = newRun(parts)
  const { result } = parts.ask(run)
  await soon()
  parts.links[0]?.settle(new AppError('inspector-crashed', 'It ended.'))
  parts.links[0]?.end()
  await expect(result).rejects.toMatchObject({ kind: 'inspector-crashed' })
  parts.ask(run)
  await soon()
  expect(parts.links).toHaveLength(2)
  expect(parts.links[1]?.asked).toHaveLength(1)
})

test('a process that dies before it was asked is replaced', async () => {
  const parts = setUp()
  const run = newRun(parts)
  parts.training.set(run, { live: { number: 1, step: 3, milliseconds: 1 }, kernels: null })
  const { result } = parts.ask(run)
  while (parts.links.length === 0) await Promise.resolve()
  parts.links[0]?.end()
  await soon()
  expect(parts.links).toHaveLength(2)
  expect(parts.links[1]?.asked[0]?.weights).toEqual({ type: 'live', number: 1 })
  parts.links[1]?.settle(kernels)
  expect(await result).toBe(kernels)
})

test('a question is cancelled by its name, also before it was passed on', async () => {
  const parts = setUp()
  const run = newRun(parts)
  const early = parts.ask(run)
  parts.service.cancel(early.request)
  await expect(early.result).rejects.toMatchObject({ kind: 'cancelled' })
  expect(parts.links[0]?.asked).toEqual([])
  const later = parts.ask(run)
  await soon()
  parts.service.cancel(later.request)
  parts.service.cancel('unknown')
  expect(parts.links[0]?.cancelled).toEqual([later.request])
})

test('a window that asks without a pause is held back while a run trains', async () => {
  const parts = setUp()
  const run = newRun(parts)
  parts.working.atWork = true
  for (let at = 0; at < 10; at++) parts.ask(run)
  await soon()
  expect(parts.links[0]?.asked).toHaveLength(4)
  await vi.advanceTimersByTimeAsync(201)
  await soon()
  expect(parts.links[0]?.asked).toHaveLength(6)
  parts.working.atWork = false
  parts.ask(run)
  await soon()
  expect(parts.links[0]?.asked).toHaveLength(7)
})

test('a run that is gone, and the end of the app, end what looks into them', async () => {
  const parts = setUp()
  const [first, second] = [newRun(parts), newRun(parts)]
  parts.ask(first)
  parts.ask(second)
  await soon()
  parts.service.forget(first)
  expect(parts.links.map(({ hasEnded }) => hasEnded)).toEqual([true, false])
  parts.service.endAll()
  expect(parts.links.map(({ hasEnded }) => hasEnded)).toEqual([true, true])
  await expect(parts.ask('f0000000-0000-4000-8000-000000000000').result).rejects.toMatchObject({ kind: 'not-found' })
})
