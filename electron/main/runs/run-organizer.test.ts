import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { AppEvents, EventName, RunSummary } from '../../../shared/ipc/contract'
import { openStorage } from '../db/open'
import { config, smallNetwork, started, temporaryHome } from '../testing/fixtures'
import { createRunOrganizer, graceMs } from './run-organizer'
import { createRunRecorder } from './run-recorder'

function setUp(count = 3) {
  const storage = openStorage(temporaryHome())
  onTestFinished(() => storage.close())
  const events: { name: EventName; payload: AppEvents[EventName] }[] = []
  const notify = (name: EventName, payload: AppEvents[EventName]) => void events.push({ name, payload })
  const log = () => undefined
  const recorder = createRunRecorder(storage, { appVersion: '1', notify, log })
  const clock = { now: 1_000_000 }
  const organizer = createRunOrganizer(storage, { recorder, notify, log, now: () => clock.now })
  const ids = Array.from({ length: count }, (_, i) => {
    const { id } = recorder.create({ document: smallNetwork, config: config(), name: `Run ${i + 1}` })
    recorder.record(id, started)
    recorder.record(id, { type: 'stopped' })
    mkdirSync(recorder.folder(id), { recursive: true })
    writeFileSync(join(recorder.folder(id), 'weights'), 'x')
    return id
  })
  events.length = 0
  const stored = (id = '') => recorder.list().find((run) => run.id === id)
  return { recorder, organizer, ids, events, clock, stored }
}

test('tags are added and taken away on many runs at once, each once', () => {
  const { organizer, ids, stored, events } = setUp()
  organizer.tag(ids, ['good', 'wide'], [])
  organizer.tag(ids.slice(0, 2), ['good', 'final'], ['wide'])
  expect(ids.map((id) => stored(id)?.tags)).toEqual([
    ['good', 'final'],
    ['good', 'final'],
    ['good', 'wide'],
  ])
  const told = events.at(-1)?.payload as RunSummary[]
  expect(events.map(({ name }) => name)).toEqual(['runs.changed', 'runs.changed'])
  expect(new Set(told.map(({ id }) => id))).toEqual(new Set(ids.slice(0, 2)))
})

test('notes, pins and archiving are kept', () => {
  const { organizer, ids, stored } = setUp()
  organizer.setNote(ids[0] ?? '', 'two\nlines')
  organizer.pin(ids.slice(0, 1), true)
  organizer.archive(ids, true)
  expect(stored(ids[0])).toMatchObject({ note: 'two\nlines', pinned: true, archived: true })
  organizer.pin(ids, false)
  organizer.archive(ids, false)
  expect(stored(ids[0])).toMatchObject({ note: 'two\nlines', pinned: false, archived: false })
})

test('one missing run leaves all as they were', () => {
  const { organizer, ids, stored, events } = setUp()
  const missing = '00000000-0000-4000-8000-000000000000'
  expect(() => organizer.tag([...ids, missing], ['x'], [])).toThrow(missing)
  expect(() => organizer.delete([...ids, missing])).toThrow(missing)
  expect(stored(ids[0])?.tags).toEqual([])
  expect(events).toEqual([])
})

test('what is said about a run that trains reaches the live run, too', () => {
  const { recorder, organizer } = setUp(0)
  const { id } = recorder.create({ document: smallNetwork, config: config() })
  recorder.record(id, started)
  organizer.tag([id], ['live'], [])
  recorder.record(id, { type: 'stopped' })
  expect(recorder.get(id)).toMatchObject({ tags: ['live'], state: { type: 'stopped' } })
})

test('a deleted run is out of sight and comes back whole', () => {
  const { recorder, organizer, ids, stored, events } = setUp()
  const [first = '', second = ''] = ids
  organizer.delete([first, second])
  expect(events.map(({ name }) => name)).toEqual(['run.deleted', 'run.deleted'])
  expect(recorder.list()).toHaveLength(1)
  expect(() => recorder.get(first)).toThrow('no run')
  expect(new Set(organizer.deleted().map(({ id }) => id))).toEqual(new Set([first, second]))
  expect(existsSync(join(recorder.folder(first), 'weights'))).toBe(true)
  organizer.restore([first])
  expect(stored(first)?.name).toBe('Run 1')
  expect(events.at(-1)).toMatchObject({ name: 'runs.changed', payload: [{ id: first }] })
})

test('a run that trains is not deleted, nor those beside it', () => {
  const { recorder, organizer, ids } = setUp(1)
  const { id } = recorder.create({ document: smallNetwork, config: config(), name: 'Busy one' })
  expect(() => organizer.delete([...ids, id])).toThrow('"Busy one" is still training')
  expect(recorder.list()).toHaveLength(2)
})

test('only deleted runs are removed for good, and old ones by themselves', async () => {
  const { recorder, organizer, ids, clock } = setUp()
  const [old = '', recent = '', kept = ''] = ids
  organizer.delete([old])
  clock.now += graceMs + 1
  organizer.delete([recent])
  await organizer.purgeOld()
  expect(organizer.deleted().map(({ id }) => id)).toEqual([recent])
  expect([existsSync(recorder.folder(old)), existsSync(recorder.folder(recent))]).toEqual([false, true])
  await organizer.purge([recent, kept])
  expect(organizer.deleted()).toEqual([])
  expect(existsSync(recorder.folder(recent))).toBe(false)
  expect(existsSync(recorder.folder(kept))).toBe(true)
  expect(recorder.list().map(({ id }) => id)).toEqual([kept])
})
