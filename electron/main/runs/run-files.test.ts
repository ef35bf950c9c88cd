import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { writeSafetensors } from '../../../shared/formats/safetensors'
import { requireSound } from '../../../shared/network/analyze'
import { elementCount } from '../../../shared/network/shape'
import { openRunFile } from '../../exchange/run-file/open'
import { packRun } from '../../exchange/run-file/pack'
import { openStorage } from '../db/open'
import { config, epochResult, progressEvent, smallNetwork, started, temporaryHome } from '../testing/fixtures'
import { createRunFiles } from './run-files'
import { createRunRecorder } from './run-recorder'

const words = { tag: 'imported', origin: 'From {file}, {date}, {version}.', copy: '{name} (copy)' }
const whole = { checkpoints: 'all', optimizer: true } as const
const silent = { onProgress: () => undefined }
const archives = { pack: packRun, open: openRunFile }

function setUp(transaction?: (work: () => void) => void) {
  const home = temporaryHome()
  const storage = openStorage(home)
  onTestFinished(() => storage.close())
  const recorder = createRunRecorder(storage, {
    appVersion: '1.0.0',
    notify: () => undefined,
    log: () => undefined,
    ...(transaction ? { transaction } : {}),
  })
  const files = createRunFiles({ storage, recorder, archives, appVersion: '1.0.0', words: () => words })
  return { home, storage, recorder, files }
}

function weights(): Uint8Array {
  const { layers } = requireSound(smallNetwork)
  return writeSafetensors(
    new Map(
      layers.flatMap(({ node, weights: specs }) =>
        specs.map(({ name, shape }) => [
          `${node.id}.${name}`,
          { shape, values: new Float32Array(elementCount(shape)).fill(0.25) },
        ]),
      ),
    ),
  )
}

/** A run of one epoch, with its weights. */
function trained({ recorder }: ReturnType<typeof setUp>): string {
  const { id } = recorder.create({ document: smallNetwork, config: config(), name: 'Lesson' })
  const folder = join(recorder.folder(id), 'epoch-0001')
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'weights.safetensors'), weights())
  recorder.record(id, started)
  recorder.record(id, progressEvent(1, 5))
  recorder.record(id, { type: 'epoch', result: epochResult(1), checkpoint: 'epoch-0001/weights.safetensors' })
  recorder.record(id, {
    type: 'finished',
    test: { loss: 0.1, accuracy: 0.9 },
    checkpoint: 'epoch-0001/weights.safetensors',
  })
  return id
}

async function packed(from: ReturnType<typeof setUp>): Promise<{ id: string; file: string }> {
  const id = trained(from)
  const file = join(from.home, 'lesson.convscope')
  await from.files.pack(id, whole, file, silent)
  return { id, file }
}

describe('a run file', () => {
  it('brings a run to another machine, with its metrics, weights and origin', async () => {
    const there = setUp()
    const { id, file } = await packed(there)
    const here = setUp()
    const opened = await here.files.open(file, false, silent)
    expect(opened).toMatchObject({ type: 'opened', run: { id, name: 'Lesson', tags: ['imported'] } })
    const run = here.recorder.get(id)
    expect(run).toMatchObject({ state: { type: 'finished', test: { accuracy: 0.9 } }, epochs: [epochResult(1)] })
    expect(run.note).toMatch(/^From lesson\.convscope, \d{4}-\d\d-\d\d, 1\.0\.0\.$/)
    expect(run.document).toEqual(there.recorder.get(id).document)
    expect(here.recorder.steps(id)).toEqual(there.recorder.steps(id))
    expect(new Uint8Array(readFileSync(here.recorder.checkpoint(id) ?? ''))).toEqual(weights())
    expect(here.recorder.list()).toHaveLength(1)
  })

  it('of a run that is here becomes a copy only where that is wanted', async () => {
    const here = setUp()
    const { id, file } = await packed(here)
    expect(await here.files.open(file, false, silent)).toMatchObject({ type: 'exists', run: { id } })
    expect(here.recorder.list()).toHaveLength(1)
    const copy = await here.files.open(file, true, silent)
    expect(copy).toMatchObject({ type: 'opened', run: { name: 'Lesson (copy)' } })
    expect(copy.run.id).not.toBe(id)
    expect(here.recorder.list()).toHaveLength(2)
  })

  it('comes back after the run was deleted', async () => {
    const here = setUp()
    const { id, file } = await packed(here)
    here.recorder.delete(id)
    expect(await here.files.open(file, false, silent)).toMatchObject({ type: 'opened', run: { id, name: 'Lesson' } })
    expect(existsSync(here.recorder.checkpoint(id) ?? '')).toBe(true)
  })

  it('that is damaged, or cannot be recorded, leaves nothing behind', async () => {
    const there = setUp()
    const { file } = await packed(there)
    const here = setUp()
    const bytes = readFileSync(file)
    writeFileSync(file, bytes.subarray(0, bytes.length - 50))
    await expect(here.files.open(file, false, silent)).rejects.toThrow('lesson.convscope')
    writeFileSync(file, bytes)
    here.storage.db.exec("CREATE TRIGGER full BEFORE INSERT ON epochs BEGIN SELECT RAISE(ABORT, 'no room'); END")
    await expect(here.files.open(file, false, silent)).rejects.toThrow('no room')
    expect(here.recorder.list()).toEqual([])
    expect(readdirSync(join(here.home, 'runs'))).toEqual([])
  })

  it('needs something to hold', async () => {
    const { home, recorder, files } = setUp()
    const { id } = recorder.create({ document: smallNetwork, config: config(), name: 'New' })
    await expect(files.pack(id, whole, join(home, 'x.convscope'), silent)).rejects.toThrow('nothing to take along')
    expect(existsSync(join(home, 'x.convscope'))).toBe(false)
  })

  it('takes the place of an older file whole, or leaves it as it was', async () => {
    const here = setUp()
    const { id, file } = await packed(here)
    const before = readFileSync(file)
    const stop = new AbortController()
    const cancelling = { onProgress: () => stop.abort(), signal: stop.signal }
    await expect(here.files.pack(id, whole, file, cancelling)).rejects.toMatchObject({ kind: 'cancelled' })
    expect(readFileSync(file).equals(before)).toBe(true)
    // Of a program that died while it wrote.
    writeFileSync(join(here.home, '.lesson.convscope.part'), 'half')
    await here.files.pack(id, { ...whole, optimizer: false }, file, silent)
    expect(await setUp().files.open(file, false, silent)).toMatchObject({ type: 'opened' })
    expect(readdirSync(here.home).filter((name) => name.includes('lesson'))).toEqual(['lesson.convscope'])
    const lost = join(here.home, 'no', 'folder', 'x.convscope')
    await expect(here.files.pack(id, whole, lost, silent)).rejects.toThrow(`${lost} could not be written`)
  })

  it('sweeps away what programs have left that died while they unpacked', async () => {
    const there = setUp()
    const { file } = await packed(there)
    const here = setUp()
    // No process has this number: those of Linux, macOS and Windows end before.
    mkdirSync(join(here.home, 'runs', '.import-2147483646-x'), { recursive: true })
    mkdirSync(join(here.home, 'runs', `.import-${process.ppid}-y`))
    const opened = await here.files.open(file, false, silent)
    expect(readdirSync(join(here.home, 'runs')).sort()).toEqual([`.import-${process.ppid}-y`, opened.run.id].sort())
  })
})
