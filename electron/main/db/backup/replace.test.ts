import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createRunRecorder } from '../../runs/run-recorder'
import { config, smallNetwork, temporaryHome } from '../../testing/fixtures'
import { databaseName } from '../home'
import { openStorage } from '../open'
import { fillHome } from '../testing/damage-home'
import { backUp, homeWithRuns, openAndClose, quiet, restore, runsIn } from '../testing/backups'
import { planRestore, stagingFolder } from './replace'
import { unpackBackup } from './unpack'

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
    await unpackBackup({ file, into: staging }, quiet)
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
  await unpackBackup({ file, into: staging }, quiet)
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
