import { rmSync, truncateSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { AppError, toWire } from '../../../shared/errors'
import { writeSafetensors } from '../../../shared/formats/safetensors'
import { epochResult, progressEvent, started } from '../testing/fixtures'
import { addEpoch, kernels, newRun, setUp, soon, type Parts } from '../testing/inspect-parts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const epoch = (of: number) => ({ type: 'epoch', epoch: of }) as const
const within = (of: number, step: number) => ({ type: 'step', epoch: of, step }) as const

test('moments are the sound checkpoints on disk in order, and the start', async () => {
  const parts = setUp()
  const run = newRun(parts)
  expect(await parts.service.moments(run)).toEqual({ stored: [epoch(0)], newest: epoch(0), live: false })
  addEpoch(parts, run, 'epoch-0002')
  addEpoch(parts, run, 'epoch-0010')
  truncateSync(addEpoch(parts, run, 'epoch-0003'), 500)
  addEpoch(parts, run, 'epoch-0002-step-000120')
  addEpoch(parts, run, 'epoch-0002-step-000040')
  addEpoch(parts, run, 'epoch-0000-step-000009')
  addEpoch(parts, run, '.epoch-0004.part')
  parts.training.set(run, { live: null, kernels: null })
  const stored = [epoch(0), within(0, 9), epoch(2), within(2, 40), within(2, 120), epoch(10)]
  expect(await parts.service.moments(run)).toEqual({ stored, newest: epoch(10), live: true })
  truncateSync(addEpoch(parts, run, 'epoch-0000'), 9)
  expect((await parts.service.moments(run)).stored).toEqual(stored.slice(1))
  await expect(parts.service.moments('another')).rejects.toMatchObject({ kind: 'not-found' })
})

test('a checkpoint within an epoch is looked at like any other, until it is cleared away', async () => {
  const parts = setUp()
  const run = newRun(parts)
  const file = addEpoch(parts, run, 'epoch-0001-step-000120')
  parts.ask(run, within(1, 120))
  await soon()
  expect(parts.links[0]?.asked[0]?.weights).toEqual({ type: 'file', file })
  rmSync(dirname(file), { recursive: true })
  const { result } = parts.ask(run, within(1, 120))
  await expect(result).rejects.toMatchObject({ kind: 'not-found' })
  await expect(result).rejects.toThrow('epoch 2, step 120')
  expect((await parts.service.moments(run)).stored).toEqual([epoch(0)])
})

test('now is the last checkpoint of a run that crashed, also one within an epoch that its record does not know', async () => {
  const parts = setUp()
  const run = newRun(parts)
  parts.recorder.record(run, started)
  addEpoch(parts, run, 'epoch-0001')
  parts.recorder.record(run, { type: 'epoch', result: epochResult(1), checkpoint: 'epoch-0001/weights.safetensors' })
  const file = addEpoch(parts, run, 'epoch-0001-step-000007')
  truncateSync(addEpoch(parts, run, 'epoch-0001-step-000014'), 100)
  parts.recorder.record(run, { type: 'failed', error: toWire(new AppError('trainer-crashed', 'It ended.')) })
  expect((await parts.service.moments(run)).newest).toEqual(within(1, 7))
  const { asked } = await askNow(parts, run)
  expect(asked?.weights).toEqual({ type: 'file', file })
})

test('now is what a run ended with, such as its best epoch; where that has gone, the last one that is left', async () => {
  const parts = setUp()
  const run = newRun(parts)
  parts.recorder.record(run, started)
  const files = ['epoch-0001', 'epoch-0002'].map((name) => addEpoch(parts, run, name))
  parts.recorder.record(run, {
    type: 'finished',
    test: { loss: 1, accuracy: 0.5 },
    checkpoint: 'epoch-0001/weights.safetensors',
  })
  expect((await parts.service.moments(run)).newest).toEqual(epoch(1))
  expect((await askNow(parts, run)).asked?.weights).toEqual({ type: 'file', file: files[0] })
  rmSync(dirname(files[0] ?? ''), { recursive: true })
  expect((await parts.service.moments(run)).newest).toEqual(epoch(2))
  expect((await askNow(parts, run)).asked?.weights).toEqual({ type: 'file', file: files[1] })
})

test('a checkpoint that goes while it is about to be read: now is sought again, a chosen moment is said to be gone', async () => {
  const parts = setUp()
  const run = newRun(parts)
  const [older, newer] = ['epoch-0001', 'epoch-0001-step-000005'].map((name) => addEpoch(parts, run, name))
  const now = await askNow(parts, run)
  const chosen = parts.ask(run, within(1, 5))
  await soon()
  expect(now.asked?.weights).toEqual({ type: 'file', file: newer })
  rmSync(dirname(newer ?? ''), { recursive: true })
  for (const _ of [now, chosen]) parts.links[0]?.settle(new AppError('not-found', 'There is no file.'))
  await expect(chosen.result).rejects.toThrow('epoch 2, step 5, are not there')
  await vi.waitFor(() => expect(parts.links[0]?.asked.at(-1)?.weights).toEqual({ type: 'file', file: older }))
  parts.links[0]?.settle(kernels)
  expect(await now.result).toBe(kernels)
})

/** Asks about now; gives what the process was asked once it has been. */
async function askNow(parts: Parts, run: string) {
  const before = parts.links[0]?.asked.length ?? 0
  const { result } = parts.ask(run)
  await vi.waitFor(() => expect(parts.links[0]?.asked.length).toBeGreaterThan(before))
  return { result, asked: parts.links[0]?.asked.at(-1) }
}

test('weights of another network are no moment of the run', async () => {
  const parts = setUp()
  const run = newRun(parts)
  const file = addEpoch(parts, run, 'epoch-0001')
  writeFileSync(file, writeSafetensors(new Map([['fc.bias', { shape: [9], values: new Float32Array(9) }]])))
  expect((await parts.service.moments(run)).stored).toEqual([epoch(0)])
})

test('the start comes from its file where there is one', async () => {
  const parts = setUp()
  const run = newRun(parts)
  const file = addEpoch(parts, run, 'epoch-0000')
  parts.ask(run, { type: 'epoch', epoch: 0 })
  await soon()
  expect(parts.links[0]?.asked[0]?.weights).toEqual({ type: 'file', file })
  rmSync(file)
  await expect(parts.ask(run, { type: 'epoch', epoch: 0 }).result).rejects.toMatchObject({ kind: 'not-found' })
})

test('now is the start before the first checkpoint', async () => {
  const parts = setUp()
  const run = newRun(parts)
  expect((await askNow(parts, run)).asked?.weights).toEqual({ type: 'initial' })
})

test('now is what the training holds while it goes on, sent by a way of its own', async () => {
  const parts = setUp()
  const run = newRun(parts)
  parts.recorder.record(run, started)
  parts.training.set(run, { live: { number: 1, step: 3, milliseconds: 1 }, kernels })
  parts.ask(run)
  parts.ask(run)
  await soon()
  const [link] = parts.links
  expect(parts.connections).toEqual([{ name: 'training' }, { name: 'inspector' }])
  expect(link?.asked.map(({ weights }) => weights)).toEqual([
    { type: 'live', number: 1 },
    { type: 'live', number: 1 },
  ])
  // Paused at the step that its progress told.
  parts.recorder.record(run, progressEvent(1, 3))
  parts.recorder.record(run, { type: 'paused' })
  for (const number of [2, 3]) {
    parts.training.set(run, { live: { number, step: 3, milliseconds: 1 }, kernels })
    await vi.advanceTimersByTimeAsync(5000)
    parts.ask(run)
    await soon()
  }
  expect(link?.asked.slice(2).map(({ weights }) => weights)).toEqual([
    { type: 'live', number: 2 },
    { type: 'live', number: 2 },
  ])
})

test('a training that gives no weights leaves the newest checkpoint', async () => {
  const parts = setUp()
  const run = newRun(parts)
  parts.training.set(run, { live: null, kernels: null })
  expect((await askNow(parts, run)).asked?.weights).toEqual({ type: 'initial' })
})
