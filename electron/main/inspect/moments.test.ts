import { rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { writeSafetensors } from '../../../shared/formats/safetensors'
import { epochResult, progressEvent, started } from '../testing/fixtures'
import { addEpoch, kernels, newRun, setUp, soon } from '../testing/inspect-parts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

test('moments are the sound epochs on disk, and the start', async () => {
  const parts = setUp()
  const run = newRun(parts)
  expect(await parts.service.moments(run)).toEqual({ epochs: [0], live: false })
  addEpoch(parts, run, 'epoch-0002')
  addEpoch(parts, run, 'epoch-0010')
  truncateSync(addEpoch(parts, run, 'epoch-0003'), 500)
  addEpoch(parts, run, 'epoch-0001-step-000004')
  addEpoch(parts, run, '.epoch-0004.part')
  parts.training.set(run, { live: null, kernels: null })
  expect(await parts.service.moments(run)).toEqual({ epochs: [0, 2, 10], live: true })
  truncateSync(addEpoch(parts, run, 'epoch-0000'), 9)
  expect((await parts.service.moments(run)).epochs).toEqual([2, 10])
  await expect(parts.service.moments('another')).rejects.toMatchObject({ kind: 'not-found' })
})

test('weights of another network are no moment of the run', async () => {
  const parts = setUp()
  const run = newRun(parts)
  const file = addEpoch(parts, run, 'epoch-0001')
  writeFileSync(file, writeSafetensors(new Map([['fc.bias', { shape: [9], values: new Float32Array(9) }]])))
  expect((await parts.service.moments(run)).epochs).toEqual([0])
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

test('now is the newest checkpoint of a run that has ended, its start before the first', async () => {
  const parts = setUp()
  const run = newRun(parts)
  parts.ask(run)
  await soon()
  parts.recorder.record(run, started)
  parts.recorder.record(run, { type: 'epoch', result: epochResult(1), checkpoint: 'epoch-0001/weights.safetensors' })
  parts.ask(run)
  await soon()
  const file = join(parts.recorder.folder(run), 'epoch-0001/weights.safetensors')
  expect(parts.links[0]?.asked.map(({ weights }) => weights)).toEqual([{ type: 'initial' }, { type: 'file', file }])
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
  parts.ask(run)
  await soon()
  expect(parts.links[0]?.asked[0]?.weights).toEqual({ type: 'initial' })
})
