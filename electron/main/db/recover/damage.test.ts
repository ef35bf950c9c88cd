import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createRandom } from '../../../../shared/training/random'
import { temporaryHome } from '../../testing/fixtures'
import { databaseName } from '../home'
import { openStorage } from '../open'
import { fillHome } from '../testing/damage-home'
import { pageTypes } from './btree'
import { locateRows, type LocatedRow } from '../testing/locate-rows'

let home: string
let sound: Uint8Array
let rows: Map<string, LocatedRow>
let before: Map<string, string>
const pageSize = 4096

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'convscope-damage-'))
  fillHome(home, [300, 500, 900, 2000, 3000, 100])
  sound = readFileSync(join(home, databaseName))
  before = contents(join(home, databaseName))
  rows = locateRows(join(home, databaseName))
})
afterAll(() => rmSync(home, { recursive: true, force: true }))

/** Every row of every table, as text, by table and key. */
function contents(file: string): Map<string, string> {
  const db = new Sqlite(file, { readonly: true })
  const keys = { runs: 1, steps: 2, epochs: 2, settings: 1, experiments: 1 }
  const all = Object.entries(keys).flatMap(([table, count]) => {
    const found = db.prepare<[], unknown[]>(`SELECT * FROM ${table}`).raw().all()
    return found.map((row): [string, string] => [`${table} ${row.slice(0, count).join(' ')}`, JSON.stringify(row)])
  })
  db.close()
  return new Map(all)
}

/** Opens a home whose database holds these bytes, and tells what differs from the sound one. */
function open(bytes: Uint8Array) {
  const target = temporaryHome()
  const file = join(target, databaseName)
  writeFileSync(file, bytes)
  const storage = openStorage(target)
  storage.close()
  const { notice } = storage
  if (notice) expect(readFileSync(String(notice.params.aside)).equals(bytes)).toBe(true)
  const after = contents(file)
  return {
    notice,
    lost: [...before.keys()].filter((key) => !after.has(key)),
    changed: [...after].filter(([key, row]) => before.has(key) && before.get(key) !== row).map(([key]) => key),
    invented: [...after.keys()].filter((key) => !before.has(key)),
  }
}

/** Rows of which a byte lies in one of these spans of the file. */
function hit(spans: readonly (readonly [from: number, to: number])[]): Set<string> {
  const touched = [...rows].filter(([, row]) =>
    row.spans.some(([a, b]) => spans.some(([from, to]) => a < to && from < b)),
  )
  return new Set(touched.map(([key]) => key))
}

interface Damage {
  readonly bytes: Uint8Array
  /** The spans that are damaged. */
  readonly spans: readonly (readonly [from: number, to: number])[]
}

/** Opens each damaged file: nothing may be lost or changed but rows that a span hits, and no row may be new. */
function judge(damages: Iterable<Damage>) {
  const counts = { files: 0, noticed: 0, rowsHit: 0, lost: 0, changed: 0 }
  for (const { bytes, spans } of damages) {
    const { notice, lost, changed, invented } = open(bytes)
    const damaged = hit(spans)
    const beyond = [...lost, ...changed].filter((key) => !damaged.has(key))
    expect({ spans, beyond, invented }).toEqual({ spans, beyond: [], invented: [] })
    if (lost.length > 0) expect(notice?.kind).toBe('database-corrupt')
    counts.files += 1
    counts.noticed += notice ? 1 : 0
    counts.rowsHit += damaged.size
    counts.lost += lost.length
    counts.changed += changed.length
  }
  return counts
}

test('the scanner finds each row of a sound file, where SQLite does', () => {
  expect(rows.size).toBe(before.size)
  expect(rows.size).toBeGreaterThan(6000)
})

test('a page filled with zeros costs at most the rows that lay in it', { timeout: 120_000 }, async ({ annotate }) => {
  function* damages(): Iterable<Damage> {
    for (let at = 0; at < sound.length; at += pageSize)
      yield { bytes: Uint8Array.from(sound).fill(0, at, at + pageSize), spans: [[at, at + pageSize]] }
  }
  const counts = judge(damages())
  expect(counts.lost).toBeGreaterThan(6000)
  await annotate(JSON.stringify(counts))
})

test('a page filled with noise costs at most the rows that lay in it', { timeout: 120_000 }, async ({ annotate }) => {
  const random = createRandom('noise')
  function* damages(): Iterable<Damage> {
    for (let at = 0; at < sound.length; at += pageSize) {
      const bytes = Uint8Array.from(sound)
      for (let index = at; index < at + pageSize; index++) bytes[index] = random.uint32()
      yield { bytes, spans: [[at, at + pageSize]] }
    }
  }
  await annotate(JSON.stringify(judge(damages())))
})

test('a file cut off loses at most what was behind the cut', { timeout: 120_000 }, async ({ annotate }) => {
  const random = createRandom('cut')
  const lengths = [1, 99, 100, 511, 4095, 4096, 4097, sound.length - 1, sound.length - pageSize]
  for (let count = 0; count < 40; count++) lengths.push(Math.floor(random.uniform() * sound.length))
  const damages = lengths.map((length): Damage => ({ bytes: sound.slice(0, length), spans: [[length, sound.length]] }))
  await annotate(JSON.stringify(judge(damages)))
})

test('flipped bits cost at most the rows that hold one', { timeout: 240_000 }, async ({ annotate }) => {
  const random = createRandom('flips')
  function* damages(): Iterable<Damage> {
    for (let round = 0; round < 200; round++) {
      const bytes = Uint8Array.from(sound)
      const places = Array.from({ length: 1 + (round % 8) }, () => Math.floor(random.uniform() * sound.length))
      for (const place of places) bytes[place] = (bytes[place] ?? 0) ^ (1 << Math.floor(random.uniform() * 8))
      yield { bytes, spans: places.map((place) => [place, place + 1]) }
    }
  }
  await annotate(JSON.stringify(judge(damages())))
})

test(
  'a bit flipped in the header, the page of the tables or an inner page costs no row but its own',
  {
    timeout: 240_000,
  },
  async ({ annotate }) => {
    const random = createRandom('structure')
    const inner = Array.from({ length: sound.length / pageSize }, (_, page) => page * pageSize).filter((at) =>
      [pageTypes.indexInner, pageTypes.tableInner].some((type) => type === sound[at === 0 ? 100 : at]),
    )
    function* damages(): Iterable<Damage> {
      for (let place = 0; place < 108; place++) if (!isVersion(place)) yield flip(place)
      for (const at of inner)
        for (let count = 0; count < 40; count++) {
          const place = at + 200 * (count % 2) + Math.floor(random.uniform() * 200)
          if (!isVersion(place)) yield flip(place)
        }
    }
    /** A version that is damaged may read as a newer one: its own test. */
    function isVersion(place: number): boolean {
      return place >= 60 && place < 64
    }
    function flip(place: number): Damage {
      const bytes = Uint8Array.from(sound)
      bytes[place] = (bytes[place] ?? 0) ^ (1 << Math.floor(random.uniform() * 8))
      return { bytes, spans: [[place, place + 1]] }
    }
    await annotate(JSON.stringify(judge(damages())))
  },
)
