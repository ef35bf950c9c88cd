import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { openStorage } from '../db/open'
import { config, epochResult, smallNetwork, started, temporaryHome } from '../testing/fixtures'
import { requireResumable } from './resumable'
import { createRunRecorder } from './run-recorder'

it('asks for the optimizer’s state of a run that has learned something', () => {
  const storage = openStorage(temporaryHome())
  onTestFinished(() => storage.close())
  const recorder = createRunRecorder(storage, { appVersion: '1', notify: () => undefined, log: () => undefined })
  const folder = mkdtempSync(join(tmpdir(), 'convscope-resumable-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const { id } = recorder.create({ document: smallNetwork, config: config() })
  expect(() => requireResumable(recorder.get(id), folder)).not.toThrow()
  recorder.record(id, started)
  recorder.record(id, { type: 'epoch', result: epochResult(1), checkpoint: 'epoch-0001/weights.safetensors' })
  mkdirSync(join(folder, 'epoch-0001'))
  writeFileSync(join(folder, 'epoch-0001', 'weights.safetensors'), '')
  expect(() => requireResumable(recorder.get(id), folder)).toThrow('no state of its optimizer')
  writeFileSync(join(folder, 'epoch-0001', 'optimizer.safetensors'), '')
  expect(() => requireResumable(recorder.get(id), folder)).not.toThrow()
})
