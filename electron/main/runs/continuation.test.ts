import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { openStorage } from '../db/open'
import { config, epochResult, smallNetwork, started, temporaryHome } from '../testing/fixtures'
import { continuation } from './continuation'
import { createRunRecorder } from './run-recorder'

function oneRun() {
  const storage = openStorage(temporaryHome())
  onTestFinished(() => storage.close())
  const recorder = createRunRecorder(storage, { appVersion: '1', notify: () => undefined, log: () => undefined })
  const folder = mkdtempSync(join(tmpdir(), 'convscope-continuation-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const { id } = recorder.create({ document: smallNetwork, config: config({ epochs: 2 }) })
  return { recorder, folder, id }
}

it('asks for the optimizer’s state of a run that has learned something', () => {
  const { recorder, folder, id } = oneRun()
  expect(() => continuation(recorder.get(id), folder)).not.toThrow()
  recorder.record(id, started)
  recorder.record(id, { type: 'epoch', result: epochResult(1), checkpoint: 'epoch-0001/weights.safetensors' })
  mkdirSync(join(folder, 'epoch-0001'))
  writeFileSync(join(folder, 'epoch-0001', 'weights.safetensors'), '')
  expect(() => continuation(recorder.get(id), folder)).toThrow('no state of its optimizer')
  writeFileSync(join(folder, 'epoch-0001', 'optimizer.safetensors'), '')
  expect(continuation(recorder.get(id), folder)).toMatchObject({ config: { epochs: 2 }, resume: 'exactly' })
})

it('asks for epochs that are left: after its end more than it has, else as many', () => {
  const { recorder, folder, id } = oneRun()
  mkdirSync(join(folder, 'epoch-0002'))
  writeFileSync(join(folder, 'epoch-0002', 'optimizer.safetensors'), '')
  recorder.record(id, started)
  for (const epoch of [1, 2])
    recorder.record(id, {
      type: 'epoch',
      result: epochResult(epoch),
      checkpoint: `epoch-000${epoch}/weights.safetensors`,
    })
  // The test at its end is left.
  expect(continuation(recorder.get(id), folder)).toMatchObject({ resume: 'exactly' })
  expect(() => continuation(recorder.get(id), folder, 1)).toThrow('has trained 2 epochs')
  const checkpoint = 'epoch-0002/weights.safetensors'
  recorder.record(id, { type: 'finished', test: { loss: 1, accuracy: 0.5 }, checkpoint })
  expect(() => continuation(recorder.get(id), folder)).toThrow('has trained 2 epochs')
  expect(continuation(recorder.get(id), folder, 3)).toMatchObject({ config: { epochs: 3 }, resume: 'further' })
})
