import {
  appendFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createRandom } from '../../../../shared/training/random'
import { config, smallNetwork, temporaryHome } from '../../testing/fixtures'
import { createRunOrganizer } from '../../runs/run-organizer'
import { createRunRecorder } from '../../runs/run-recorder'
import { databaseName, runFolderName } from '../home'
import { openStorage } from '../open'
import { fillHome } from '../testing/damage-home'
import { fillFolders, writeCheckpoint } from '../testing/run-folders'

const stepsOfRuns = [300, 500, 900, 2000]
let sound: string
let ids: string[]
let before: Map<string, string>

beforeAll(() => {
  sound = mkdtempSync(join(tmpdir(), 'convscope-folders-'))
  ids = fillHome(sound, stepsOfRuns)
  fillFolders(sound)
  before = contents(sound)
})
afterAll(() => rmSync(sound, { recursive: true, force: true }))

/** Every run, step and epoch by the run's id, as text. */
function contents(home: string): Map<string, string> {
  const db = new Sqlite(join(home, databaseName), { readonly: true })
  const all = [
    ['run', 'SELECT id, name, document, config, state_detail FROM runs'],
    ['step', 'SELECT id, step, loss, learning_rate FROM steps JOIN runs ON number = run'],
    ['epoch', 'SELECT id, epochs.* FROM epochs JOIN runs ON number = run'],
  ].flatMap(([kind = '', sql = '']) =>
    db
      .prepare<[], Record<string, string | number | null>>(sql)
      .all()
      .map(({ run: _number, ...row }): [string, string] => {
        const key = [kind, row.id, row.step ?? row.epoch].filter((part) => part !== undefined).join(' ')
        return [key, JSON.stringify(row)]
      }),
  )
  db.close()
  return new Map(all)
}

function copy(): string {
  const home = temporaryHome()
  cpSync(sound, home, { recursive: true })
  return home
}

function open(home: string) {
  const storage = openStorage(home)
  const recorder = createRunRecorder(storage, { appVersion: '1', notify: () => undefined, log: () => undefined })
  const runs = recorder.list()
  const details = runs.map(({ id }) => recorder.get(id))
  recorder.close()
  storage.close()
  return { notice: storage.notice, runs, details, after: contents(home) }
}

/** The program that had it open died. */
function crashed(home: string): void {
  writeFileSync(join(home, 'sessions', `${2 ** 22 + 1}-crashed`), '')
}

describe('runs that were deleted before the database was lost', () => {
  function withDeleted(home: string, work: (organizer: ReturnType<typeof createRunOrganizer>) => void): void {
    const storage = openStorage(home)
    const options = { notify: () => undefined, log: () => undefined }
    const recorder = createRunRecorder(storage, { appVersion: '1', ...options })
    work(createRunOrganizer(storage, { recorder, ...options }))
    recorder.close()
    storage.close()
  }
  const lose = (home: string) =>
    ['', '-wal', '-shm'].forEach((suffix) => rmSync(join(home, databaseName + suffix), { force: true }))

  test('are among the deleted ones again, and those that were brought back are not', () => {
    const home = copy()
    const [first = '', second = '', third = ''] = ids
    let deletedAt = 0
    withDeleted(home, (organizer) => {
      organizer.delete([first, second, third])
      organizer.restore([second])
      deletedAt = organizer.deleted()[0]?.deletedAt ?? 0
    })
    lose(home)
    const { runs, notice } = open(home)
    expect(runs.map(({ id }) => id).sort()).toEqual(ids.filter((id) => id !== first && id !== third).sort())
    expect(notice?.params).toMatchObject({ reindexed: ids.length - 2, lost: 0 })
    withDeleted(home, (organizer) => {
      expect(
        organizer
          .deleted()
          .map(({ id }) => id)
          .sort(),
      ).toEqual([first, third].sort())
      expect(organizer.deleted()[0]?.deletedAt).toBe(deletedAt)
      organizer.restore([third])
    })
    expect(open(home).details.find(({ id }) => id === third)?.epochs).toHaveLength(3)
  })

  test('are so also where their mark is damaged; a database that knows better is believed', () => {
    const home = copy()
    const [first = '', second = ''] = ids
    withDeleted(home, (organizer) => organizer.delete([first]))
    truncateSync(join(home, runFolderName(first), 'deleted.json'), 3)
    writeFileSync(join(home, runFolderName(second), 'deleted.json'), JSON.stringify({ deletedAt: 1 }))
    crashed(home)
    expect(open(home).runs.map(({ id }) => id)).toContain(second)
    lose(home)
    expect(open(home).runs.map(({ id }) => id)).not.toContain(first)
  })
})

describe('with the run folders there, nothing of a run is lost', () => {
  type Damage = (file: string) => void
  const edit =
    (change: (bytes: Buffer) => void): Damage =>
    (file) => {
      const bytes = readFileSync(file)
      change(bytes)
      writeFileSync(file, bytes)
    }
  const random = createRandom('folders')
  const anywhere = (length: number) => Math.floor(random.uniform() * length)
  const damages: [string, Damage][] = [
    ['the file is gone', (file) => rmSync(file)],
    ['the file is empty', (file) => truncateSync(file, 0)],
    ['the file is something else', (file) => writeFileSync(file, 'no database '.repeat(1000))],
    ['all pages are zeros', edit((bytes) => void bytes.fill(0))],
    ['the header is zeros', edit((bytes) => void bytes.fill(0, 0, 100))],
    ...Array.from({ length: 12 }, (_, index): [string, Damage] => [
      `cut ${index + 1}`,
      (file) => truncateSync(file, anywhere(readFileSync(file).length)),
    ]),
    ...Array.from({ length: 12 }, (_, index): [string, Damage] => [
      `five pages of zeros ${index + 1}`,
      edit((bytes) => {
        const from = 4096 * anywhere(bytes.length / 4096 - 5)
        bytes.fill(0, from, from + 5 * 4096)
      }),
    ]),
    ...Array.from({ length: 12 }, (_, index): [string, Damage] => [
      `five pages of noise ${index + 1}`,
      edit((bytes) => {
        const from = 4096 * anywhere(bytes.length / 4096 - 5)
        for (let at = from; at < from + 5 * 4096; at++) bytes[at] = random.uint32()
      }),
    ]),
  ]

  test.each(damages)('%s', { timeout: 30_000 }, (_name, damage) => {
    const home = copy()
    damage(join(home, databaseName))
    const { notice, after } = open(home)
    const kept = [...after.keys()].sort()
    expect(kept).toEqual([...before.keys()].sort())
    for (const [key, row] of before) if (!key.startsWith('run')) expect([key, after.get(key)]).toEqual([key, row])
    if (notice) expect(notice.params.lost).toBe(0)
  })
})

test('a run that only its folder knows is as it was: name, network, settings, metrics, test result', () => {
  const home = copy()
  rmSync(join(home, databaseName))
  const { notice, after, runs } = open(home)
  expect(notice?.params).toMatchObject({ aside: '', reindexed: ids.length, lost: 0 })
  expect(after).toEqual(before)
  expect(runs.map(({ id }) => id).sort()).toEqual(ids.toSorted())
  expect(runs.every(({ engine, endedAt }) => engine !== null && endedAt !== null)).toBe(true)
  // The next start has nothing to tell.
  expect(open(home).notice).toBeNull()
})

test('one whose end nobody knows has failed, as interrupted, with its newest weights', () => {
  const home = copy()
  const [id = ''] = ids
  rmSync(join(home, databaseName))
  rmSync(join(home, runFolderName(id), 'journal', 'end.json'))
  const run = open(home).details.find((detail) => detail.id === id)
  expect(run?.state).toMatchObject({
    type: 'failed',
    error: { kind: 'trainer-crashed', params: { detail: 'interrupted' } },
  })
  expect(run?.epochs).toHaveLength(3)
})

test('steps and epochs that only the journal has are taken in after a crash', () => {
  const home = copy()
  const storage = openStorage(home)
  storage.db.exec(`
    DELETE FROM steps WHERE step % 7 = 0;
    DELETE FROM epochs WHERE epoch = 3;
    INSERT INTO curves SELECT number, 5, x'00000000', x'00000000' FROM runs`)
  storage.close()
  expect(contents(home).size).toBeLessThan(before.size)
  crashed(home)
  const { after, notice } = open(home)
  expect(after).toEqual(before)
  expect(notice).toBeNull()
  // Nor is what was packed of fewer steps believed.
  const again = new Sqlite(join(home, databaseName), { readonly: true })
  expect(again.prepare('SELECT count(*) FROM curves').pluck().get()).toBe(0)
  again.close()
})

test('a run whose settings turn out to be damaged hides no other one, and is mended at the next start', () => {
  const home = copy()
  const [id = ''] = ids
  const storage = openStorage(home)
  storage.db.prepare('UPDATE runs SET config = ? WHERE id = ?').run('{"epochs":"many"}', id)
  const told: unknown[] = []
  const recorder = createRunRecorder(storage, {
    appVersion: '1',
    notify: (name, payload) => void told.push([name, payload]),
    log: () => undefined,
  })
  expect(recorder.list().map((run) => run.id)).toEqual(expect.not.arrayContaining([id]))
  expect(recorder.list()).toHaveLength(ids.length - 1)
  expect(() => recorder.get(id)).toThrow('is damaged')
  expect(JSON.stringify(told)).toContain('database-corrupt')
  recorder.close()
  storage.close()
  const { notice, after } = open(home)
  expect(notice?.params).toMatchObject({ recovered: ids.length - 1, reindexed: 1, lost: 0 })
  expect(after).toEqual(before)
})

test('a journal that is torn gives all before the tear', () => {
  const home = copy()
  const [id = ''] = ids
  const journal = join(home, runFolderName(id), 'journal')
  rmSync(join(home, databaseName))
  truncateSync(join(journal, 'steps.bin'), 24 * 200 + 11)
  appendFileSync(join(journal, 'epochs.jsonl'), '{"epoch":4,"train":{"lo')
  const { after } = open(home)
  const gone = [...before.keys()].filter((key) => !after.has(key))
  expect(gone).toEqual([...before.keys()].filter((key) => key.startsWith(`step ${id}`)).slice(200))
})

test('an older folder, with checkpoints alone, becomes a run without metrics', () => {
  const home = temporaryHome()
  const id = '3f2a8d10-0000-4000-8000-000000000001'
  const engine = { id: 'eager', version: 'TensorFlow.js', device: 'CPU', notice: null }
  const folder = join(home, runFolderName(id))
  writeCheckpoint(folder, 'epoch-0001', { document: smallNetwork, config: config({ seed: 7 }), engine })
  writeCheckpoint(folder, 'epoch-0002', { document: smallNetwork, config: config({ seed: 7 }), engine })
  const { details, notice } = open(home)
  expect(notice?.params).toMatchObject({ reindexed: 1, lost: 0 })
  expect(details).toMatchObject([{ id, document: smallNetwork, engine, epochs: [], config: { seed: 7 } }])
})

test.each([
  ['run.json', ['run.json']],
  ['run.json and the newest checkpoint', ['run.json', 'epoch-0003/checkpoint.json']],
])('where %s is damaged, what is left says what the run was', (_name, files) => {
  const home = copy()
  const [id = ''] = ids
  rmSync(join(home, databaseName))
  for (const file of files) truncateSync(join(home, runFolderName(id), file), 20)
  const { after, details } = open(home)
  expect([...after.keys()].sort()).toEqual([...before.keys()].sort())
  expect(details.find((run) => run.id === id)?.document).toEqual(smallNetwork)
})

test('a folder that nothing describes is named as lost, and stays', () => {
  const home = copy()
  const [id = ''] = ids
  const folder = join(home, runFolderName(id))
  rmSync(join(home, databaseName))
  for (const file of ['run.json', ...[1, 2, 3].map((epoch) => `epoch-000${epoch}/checkpoint.json`)])
    writeFileSync(join(folder, file), 'torn')
  const { notice, runs } = open(home)
  expect(notice?.params).toMatchObject({ reindexed: ids.length - 1, lost: 1, names: id })
  expect(runs).toHaveLength(ids.length - 1)
  expect(readdirSync(folder)).toContain('epoch-0003')
})

test('a run that was deleted does not come back', () => {
  const home = copy()
  const [id = ''] = ids
  const storage = openStorage(home)
  storage.db.prepare('UPDATE runs SET deleted_at = ? WHERE id = ?').run(Date.now(), id)
  storage.close()
  crashed(home)
  expect(open(home).runs.map((run) => run.id)).not.toContain(id)
})

test('an empty folder is no run', () => {
  const home = temporaryHome()
  mkdirSync(join(home, runFolderName('3f2a8d10-0000-4000-8000-000000000001')), { recursive: true })
  const { runs, notice } = open(home)
  expect({ runs, notice }).toEqual({ runs: [], notice: null })
})
