import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { AppError } from '../../../shared/errors'
import type { ExportProof } from '../../../shared/exports/exports'
import { openStorage } from '../db/open'
import { createExportsRepository } from '../db/repositories/exports'
import { createRunRecorder } from '../runs/run-recorder'
import { config, epochResult, smallNetwork, started, temporaryHome } from '../testing/fixtures'
import { createExportService } from './export-service'
import type { LaunchExport } from './export-process'

const agreeing: ExportProof = { type: 'table', reader: 'test', steps: 0, epochs: 1, differing: 0, agrees: true }
const csv = { format: 'csv', moment: { type: 'last' }, zip: false } as const

/** `launch` gets the job of an export of a run with one epoch, to be made in the folder `out`. */
function setUp(launch: LaunchExport) {
  const home = temporaryHome()
  const out = join(home, 'out')
  mkdirSync(out)
  const storage = openStorage(home)
  onTestFinished(() => storage.close())
  const recorder = createRunRecorder(storage, { appVersion: '1', notify: () => undefined, log: () => undefined })
  const { id } = recorder.create({ document: smallNetwork, config: config() })
  recorder.record(id, started)
  recorder.record(id, { type: 'epoch', result: epochResult(1), checkpoint: 'epoch-0001/weights.safetensors' })
  recorder.record(id, { type: 'stopped' })
  const service = createExportService({
    recorder,
    launch,
    exports: createExportsRepository(storage.db),
    dataFolder() {
      throw new AppError('data-missing', 'none')
    },
    version: '1',
    onProgress: () => undefined,
    now: () => 5,
  })
  return { service, recorder, run: id, out }
}

const writing =
  (proof: ExportProof): LaunchExport =>
  (job) => {
    writeFileSync(job.target, 'whole')
    return { done: Promise.resolve({ proof, bytes: 5 }), cancel: () => undefined }
  }

test('takes its place once it is proved, and is stored', async () => {
  const { service, run, out } = setUp(writing(agreeing))
  const target = join(out, 'curves.csv')
  writeFileSync(target, 'before')
  const record = await service.start('1', { run, ...csv }, target)
  expect(readFileSync(target, 'utf8')).toBe('whole')
  expect(readdirSync(out)).toEqual(['curves.csv'])
  expect(record).toMatchObject({ run, path: target, bytes: 5, createdAt: 5, proof: agreeing })
  expect(service.list(run)).toEqual([record])
  expect(service.get(record.id)).toEqual(record)
})

const outputs: ExportProof = {
  type: 'outputs',
  reader: 'Reader 1',
  reference: 'Engine 1',
  pictures: 100,
  source: 'test',
  largestDifference: Infinity,
  largestOutput: 4,
  tolerance: 4e-4,
  agrees: false,
}

test.each<ExportProof>([
  { ...agreeing, differing: 3, agrees: false },
  { ...outputs, largestDifference: 0.5 },
  outputs,
  { type: 'unread', detail: 'no zip', agrees: false },
])('what is not the run is not kept, but told and stored: %o', async (proof) => {
  const { service, run, out } = setUp(writing(proof))
  const target = join(out, 'curves.csv')
  writeFileSync(target, 'before')
  const record = await service.start('1', { run, ...csv }, target)
  expect(record).toMatchObject({ path: target, createdAt: 5, proof })
  expect(readFileSync(target, 'utf8')).toBe('before')
  expect(readdirSync(out)).toEqual(['curves.csv'])
  expect(service.list(run)).toEqual([record])
})

test('a failed proof leaves nothing where nothing was', async () => {
  const { service, run, out } = setUp(writing(outputs))
  await service.start('1', { run, format: 'tfjs', moment: { type: 'last' }, zip: false }, join(out, 'model'))
  expect(readdirSync(out)).toEqual([])
})

test('a cancelled export leaves nothing behind', async () => {
  let cancel: () => void = () => undefined
  const { service, run, out } = setUp((job) => {
    writeFileSync(job.target, 'ha')
    const done = new Promise<never>((_resolve, reject) => {
      cancel = () => reject(new AppError('cancelled', 'The export was cancelled.'))
    })
    return { done, cancel: () => cancel() }
  })
  const exporting = service.start('1', { run, ...csv }, join(out, 'curves.csv'))
  await expect.poll(() => readdirSync(out)).toEqual(['.curves.csv.part'])
  service.cancel('1')
  await expect(exporting).rejects.toMatchObject({ kind: 'cancelled' })
  expect(readdirSync(out)).toEqual([])
})

test('refuses a folder in the place of a file, and a missing one around it', async () => {
  const { service, run, out } = setUp(writing(agreeing))
  await expect(service.start('1', { run, ...csv }, out)).rejects.toMatchObject({ kind: 'invalid-input' })
  await expect(service.start('1', { run, ...csv }, join(out, 'no/x.csv'))).rejects.toMatchObject({ kind: 'not-found' })
})

test('names the run whose weights are not there', async () => {
  const { service, recorder, out } = setUp(writing(agreeing))
  const { id } = recorder.create({ document: smallNetwork, config: config(), name: 'Young' })
  const wish = { run: id, format: 'npz', moment: { type: 'last' }, zip: false } as const
  await expect(service.start('1', wish, join(out, 'w.npz'))).rejects.toThrow('"Young" has no such weights')
})

test('a run that is deleted takes its exports along', async () => {
  const { service, recorder, run, out } = setUp(writing(agreeing))
  await service.start('1', { run, ...csv }, join(out, 'curves.csv'))
  recorder.delete(run)
  expect(service.list(run)).toEqual([])
})
