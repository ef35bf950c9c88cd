import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { expect, test } from 'vitest'
import { temporaryHome } from '../testing/fixtures'
import { mergeAside, openStorageOrAside } from './aside'
import { migrations } from './migrate'
import { databaseName } from './home'
import { openStorage } from './open'

test('where the database is of a newer version, runs go into a file beside it, with a notice', () => {
  const home = temporaryHome()
  openStorage(home).close()
  const newer = new Sqlite(join(home, databaseName))
  newer.pragma(`user_version = ${migrations.length + 1}`)
  newer.close()
  const storage = openStorageOrAside(home)
  expect(storage.notice?.kind).toBe('database-too-new')
  expect(storage.db.prepare('SELECT count(*) FROM runs').pluck().get()).toBe(0)
  storage.close()
  expect(readdirSync(home).some((name) => name.startsWith('convscope-aside-'))).toBe(true)
})

test('runs of a file beside it come home with their sweep, their histograms and all else, and keep the labels of home', () => {
  const home = temporaryHome()
  const away = openStorage(home, { file: join(home, `convscope-aside-${2 ** 22 + 1}-then.sqlite`) })
  away.db.exec(`
    INSERT INTO experiments (id, name, plan, created_at) VALUES ('sweep', 'Rates', '{}', 5);
    INSERT INTO runs (id, name, network_name, document, dataset, config, seed, app_version, session, folder, state, state_detail,
      created_at, seen_at, experiment, parent, tags, queue_position)
    VALUES ('a', 'A', 'n', '{}', 'mnist', '{}', 1, '1', '', 'runs/a', 'stopped', '{"type":"stopped"}', 1, 2, 'sweep',
      '{"run":"b","checkpoint":"epoch-0001"}', '["away"]', 3);
    INSERT INTO steps VALUES (1, 1, 0.5, 0.1);
    INSERT INTO histograms VALUES (1, 1, 'conv1.weight', '{}')`)
  away.close()
  const storage = openStorage(home)
  storage.db.exec(`
    INSERT INTO runs (id, name, network_name, document, dataset, config, seed, app_version, session, folder, state, state_detail,
      created_at, seen_at, tags, pinned)
    VALUES ('z', 'Z', 'n', '{}', 'mnist', '{}', 1, '1', '', 'runs/z', 'stopped', '{}', 1, 2, '[]', 0),
      ('a', 'A', 'n', '{}', 'mnist', '{}', 1, '1', '', 'runs/a', 'running', '{}', 1, 2, '["home"]', 1)`)
  mergeAside(storage, () => undefined)
  expect(storage.db.prepare("SELECT * FROM runs WHERE id = 'a'").get()).toMatchObject({
    number: 2,
    state: 'stopped',
    experiment: 'sweep',
    parent: '{"run":"b","checkpoint":"epoch-0001"}',
    queue_position: 3,
    tags: '["home"]',
    pinned: 1,
  })
  expect(storage.db.prepare('SELECT run, weight FROM histograms').all()).toEqual([{ run: 2, weight: 'conv1.weight' }])
  expect(storage.db.prepare('SELECT run, loss FROM steps').all()).toEqual([{ run: 2, loss: 0.5 }])
  expect(storage.db.prepare('SELECT name FROM experiments').pluck().all()).toEqual(['Rates'])
  storage.close()
  expect(readdirSync(home).some((name) => name.startsWith('convscope-aside-'))).toBe(false)
})

test('a sound database is opened itself', () => {
  const home = temporaryHome()
  const storage = openStorageOrAside(home)
  expect(storage.notice).toBeNull()
  expect(storage.db.name).toBe(join(home, databaseName))
  storage.close()
})
