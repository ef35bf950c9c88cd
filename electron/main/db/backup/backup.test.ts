import {
  cpSync,
  createWriteStream,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import Sqlite from 'better-sqlite3'
import { pipeline } from 'node:stream/promises'
import { expect, onTestFinished, test } from 'vitest'
import { ZipFile } from 'yazl'
import { toWire } from '../../../../shared/errors'
import { config, smallNetwork, temporaryHome } from '../../testing/fixtures'
import { createRunRecorder } from '../../runs/run-recorder'
import { databaseName } from '../home'
import { migrations } from '../migrate'
import { openStorage } from '../open'
import { fillHome } from '../testing/damage-home'
import { createBackup } from './create'
import { finishRestore, planRestore, stagingFolder } from './replace'
import { unpackBackup } from './unpack'

const quiet = { onProgress: () => undefined }

/** A home with runs and their folders, in which the weights are not to be compressed. */
function homeWithRuns() {
  const home = temporaryHome()
  const ids = fillHome(home, [30, 40, 50])
  for (const id of ids) {
    mkdirSync(join(home, 'runs', id, 'epoch-0001'), { recursive: true })
    writeFileSync(join(home, 'runs', id, 'epoch-0001', 'weights.safetensors'), id.repeat(10_000))
    writeFileSync(join(home, 'runs', id, 'run.json'), '{}')
    mkdirSync(join(home, 'runs', id, '.epoch-0002.part'))
    writeFileSync(join(home, 'runs', id, '.epoch-0002.part', 'weights.safetensors'), 'not whole')
  }
  return { home, ids }
}

async function backUp(home: string, folders: boolean, signal?: AbortSignal) {
  const storage = openStorage(home)
  onTestFinished(() => void (storage.db.open && storage.close()))
  const file = join(temporaryHome(), 'backup.zip')
  const told: number[] = []
  const made = await createBackup(storage, file, {
    appVersion: '1.0.0',
    folders,
    onProgress: ({ done, total }) => void told.push(done / total),
    ...(signal ? { signal } : {}),
  })
  storage.close()
  return { file, made, told }
}

async function restore(home: string, file: string) {
  const staging = stagingFolder(home)
  const { createdAt } = await unpackBackup(file, staging, quiet)
  planRestore(home, staging, createdAt)
  return openAndClose(home)
}

function openAndClose(home: string) {
  const storage = openStorage(home)
  storage.close()
  return storage
}

function runsIn(home: string): unknown[] {
  const db = new Sqlite(join(home, databaseName), { readonly: true })
  const ids = db.prepare('SELECT id FROM runs ORDER BY number').pluck().all()
  db.close()
  return ids
}

/** Every file below a folder, with its content. */
function everything(home: string): Record<string, string> {
  const names = readdirSync(home, { recursive: true, encoding: 'utf8' }).filter((name) => !name.startsWith('sessions'))
  return Object.fromEntries(
    names
      .filter((name) => statSync(join(home, name)).isFile())
      .sort()
      .map((name) => [name, readFileSync(join(home, name)).toString('base64')]),
  )
}

async function kindOf(work: () => unknown): Promise<string> {
  try {
    await work()
    return 'none'
  } catch (error) {
    return toWire(error).kind
  }
}

test('a backup brings runs, metrics and weights into an empty home', async () => {
  const { home, ids } = homeWithRuns()
  const { file, made, told } = await backUp(home, true)
  expect(made).toMatchObject({ runs: ids.length, files: 1 + 2 * ids.length, bytes: statSync(file).size })
  expect(told.at(-1)).toBe(1)
  expect(told.toSorted((a, b) => a - b)).toEqual(told)
  const other = temporaryHome()
  const { restored, notice } = await restore(other, file)
  expect(notice).toBeNull()
  expect(restored?.createdAt).toBeGreaterThan(Date.now() - 60_000)
  expect(runsIn(other)).toEqual(ids)
  for (const id of ids) {
    expect(readFileSync(join(other, 'runs', id, 'epoch-0001', 'weights.safetensors'), 'utf8')).toBe(id.repeat(10_000))
    expect(existsSync(join(other, 'runs', id, '.epoch-0002.part'))).toBe(false)
  }
  expect(readdirSync(other).filter((name) => name.startsWith('restore'))).toEqual([])
})

test('what was there before is moved aside, not deleted', async () => {
  const { home, ids } = homeWithRuns()
  const { file } = await backUp(home, true)
  const storage = openStorage(home)
  const recorder = createRunRecorder(storage, { appVersion: '1', notify: () => undefined, log: () => undefined })
  const later = recorder.create({ document: smallNetwork, config: config() }).id
  mkdirSync(join(home, 'runs', later), { recursive: true })
  writeFileSync(join(home, 'runs', later, 'mine'), 'later')
  recorder.close()
  storage.close()
  const { restored } = await restore(home, file)
  expect(runsIn(home)).toEqual(ids)
  expect(existsSync(join(home, 'runs', later))).toBe(false)
  const aside = String(restored?.aside)
  expect(runsIn(aside)).toEqual([...ids, later])
  expect(readFileSync(join(aside, 'runs', later, 'mine'), 'utf8')).toBe('later')
})

test('a backup without weights leaves the run folders where they are', async () => {
  const { home, ids } = homeWithRuns()
  const { file, made } = await backUp(home, false)
  expect(made.files).toBe(1)
  await restore(home, file)
  expect(runsIn(home)).toEqual(ids)
  expect(existsSync(join(home, 'runs', ids[0] ?? '', 'epoch-0001'))).toBe(true)
})

test('it is taken while runs are recorded, as of one moment', async () => {
  const { home } = homeWithRuns()
  const storage = openStorage(home)
  const insert = storage.db.prepare('INSERT OR REPLACE INTO settings VALUES (?, ?)')
  let count = 0
  const write = storage.db.transaction(() => {
    count += 1
    for (const key of ['a', 'b']) insert.run(key, String(count))
  })
  write()
  const timer = setInterval(write, 1)
  const file = join(temporaryHome(), 'backup.zip')
  await createBackup(storage, file, { appVersion: '1', folders: true, ...quiet })
  clearInterval(timer)
  storage.close()
  const other = temporaryHome()
  await restore(other, file)
  const db = new Sqlite(join(other, databaseName), { readonly: true })
  const [a, b] = db.prepare("SELECT value FROM settings WHERE key IN ('a', 'b')").pluck().all()
  db.close()
  expect(a).toBe(b)
})

test('a cancelled or failing backup leaves nothing, and an older file as it was', async () => {
  const { home } = homeWithRuns()
  const storage = openStorage(home)
  onTestFinished(storage.close)
  const folder = temporaryHome()
  const file = join(folder, 'backup.zip')
  writeFileSync(file, 'the one of yesterday')
  const stop = new AbortController()
  const options = { appVersion: '1', folders: true, onProgress: () => stop.abort(), signal: stop.signal }
  expect(await kindOf(() => createBackup(storage, file, options))).toBe('cancelled')
  expect(readdirSync(folder)).toEqual(['backup.zip'])
  expect(readFileSync(file, 'utf8')).toBe('the one of yesterday')
  expect(
    await kindOf(() => createBackup(storage, join(folder, 'no', 'folder.zip'), { ...options, ...quiet })),
  ).not.toBe('none')
})

test('a damaged, cut or foreign file is refused before anything is touched', { timeout: 60_000 }, async () => {
  const { home } = homeWithRuns()
  const { file } = await backUp(home, true)
  const bytes = readFileSync(file)
  const before = everything(home)
  const kinds = new Set<string>()
  let accepted = 0
  for (let place = 0; place < bytes.length; place += Math.ceil(bytes.length / 150)) {
    const damaged = Uint8Array.from(bytes)
    damaged[place] = (damaged[place] ?? 0) ^ 0x55
    writeFileSync(file, damaged)
    const staging = stagingFolder(home)
    const kind = await kindOf(() => unpackBackup(file, staging, quiet))
    kinds.add(kind)
    if (kind === 'none') {
      // A byte that says nothing about what is in it, such as a time.
      accepted += 1
      planRestore(home, staging, 0)
      finishRestoreAndUndo(home)
    }
    expect(everything(home)).toEqual(before)
  }
  expect([...kinds].filter((kind) => kind !== 'none')).toEqual(['data-corrupt'])
  expect(accepted).toBeLessThan(15)
  writeFileSync(file, bytes)
  truncateSync(file, bytes.length - 1000)
  expect(await kindOf(() => unpackBackup(file, stagingFolder(home), quiet))).toBe('data-corrupt')
  writeFileSync(file, 'no zip at all')
  expect(await kindOf(() => unpackBackup(file, stagingFolder(home), quiet))).toBe('data-corrupt')
  expect(await kindOf(() => unpackBackup(join(home, 'gone.zip'), stagingFolder(home), quiet))).toBe('not-found')
  expect(everything(home)).toEqual(before)
})

/** Removes a plan and what it would have brought. */
function finishRestoreAndUndo(home: string): void {
  writeFileSync(join(home, 'restore.json'), 'no plan')
  finishRestore(home)
}

async function zipOf(manifest: object): Promise<string> {
  const file = join(temporaryHome(), 'made.zip')
  const zip = new ZipFile()
  zip.addReadStreamLazy('manifest.json', (give) => give(null, Readable.from([JSON.stringify(manifest)])))
  zip.end()
  await pipeline(zip.outputStream, createWriteStream(file))
  return file
}

test.each([
  ['a newer format', { format: 'convscope.backup', version: 2 }, 'unsupported-version'],
  ['a newer database', { schema: migrations.length + 1 }, 'database-too-new'],
  ['no database', {}, 'data-corrupt'],
  [
    'a way out of the home folder',
    { files: [{ name: '../../evil', size: 1, sha256: '0'.repeat(64) }] },
    'data-corrupt',
  ],
  ['another format', { format: 'else' }, 'data-corrupt'],
])('a backup with %s is refused', async (_what, change, kind) => {
  const home = temporaryHome()
  const manifest = {
    format: 'convscope.backup',
    version: 1,
    createdAt: 0,
    appVersion: '1',
    schema: 1,
    runs: 0,
    folders: false,
    files: [],
    ...change,
  }
  const file = await zipOf(manifest)
  expect(await kindOf(() => unpackBackup(file, stagingFolder(home), quiet))).toBe(kind)
  expect(readdirSync(home)).toEqual([])
})

test('a restore that is cut off anywhere is ended by the next start', { timeout: 30_000 }, async () => {
  const { home, ids } = homeWithRuns()
  const { file } = await backUp(home, true)
  const names = [databaseName, 'runs']
  // As if the computer had stopped after so many of the moves: each to its folder aside, then each into its place.
  for (let moves = 0; moves <= 4; moves++) {
    const target = temporaryHome()
    fillHome(target, [5, 5])
    mkdirSync(join(target, 'runs'), { recursive: true })
    const staging = stagingFolder(target)
    await unpackBackup(file, staging, quiet)
    planRestore(target, staging, 1)
    const plan = JSON.parse(readFileSync(join(target, 'restore.json'), 'utf8')) as { aside: string }
    mkdirSync(join(target, plan.aside))
    const all = names.flatMap((name) => [
      [join(target, name), join(target, plan.aside, name)],
      [join(staging, name), join(target, name)],
    ])
    for (const [from = '', to = ''] of all.slice(0, moves)) renameOver(from, to)
    const { restored } = openAndClose(target)
    expect(restored?.aside).toBe(join(target, plan.aside))
    expect(runsIn(target)).toEqual(ids)
    expect(runsIn(join(target, plan.aside))).toHaveLength(1)
    expect(existsSync(staging)).toBe(false)
  }
})

function renameOver(from: string, to: string): void {
  cpSync(from, to, { recursive: true })
  rmSync(from, { recursive: true })
}

test('a name that cannot be changed puts all back as it was', async () => {
  const { home, ids } = homeWithRuns()
  const { file } = await backUp(home, true)
  const staging = stagingFolder(home)
  await unpackBackup(file, staging, quiet)
  planRestore(home, staging, 1)
  const plan = JSON.parse(readFileSync(join(home, 'restore.json'), 'utf8')) as { aside: string }
  // The second move fails: a folder of this name, with something in it, is in its way.
  const before = runsIn(home)
  rmSync(join(staging, 'runs'), { recursive: true })
  writeFileSync(join(staging, 'runs'), '')
  writeFileSync(join(home, plan.aside), 'a file where the folder should be')
  const { restored, notice } = openAndClose(home)
  expect(restored).toBeNull()
  expect(notice?.message).toContain('could not be put in place')
  expect(runsIn(home)).toEqual(before)
  expect(existsSync(join(home, 'runs', ids[0] ?? '', 'run.json'))).toBe(true)
})
