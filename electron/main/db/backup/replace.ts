import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { basename, join } from 'node:path'
import { z } from 'zod'
import { AppError, toWire } from '../../../../shared/errors'
import type { RestoredBackup } from '../../../../shared/ipc/backup-calls'
import { diskFiles, writeAtomically } from '../../documents/atomic-write'
import { fileTime } from '../migrate'
import { databaseName } from '../home'

const planName = 'restore.json'
const stagingPrefix = 'restore-'

const planSchema = z.object({
  /** Folder within the home folder that holds what comes, checked. */
  staging: z.string().regex(/^restore-[\w-]+$/),
  /** Folder within the home folder that takes what was there. */
  aside: z.string().regex(/^replaced-[\w-]+$/),
  /** Of the backup; Unix milliseconds. */
  createdAt: z.number(),
})
type Plan = z.infer<typeof planSchema>

/** A new name for a folder that a backup is unpacked into, within the home folder: so that it is only renamed later. */
export function stagingFolder(home: string): string {
  return join(home, `${stagingPrefix}${fileTime(new Date())}`)
}

/** Whether `finishRestore` has something to do. */
export function isRestorePlanned(home: string): boolean {
  return readPlan(home) !== null
}

/** Has the next `finishRestore` put what was unpacked in place. */
export function planRestore(home: string, staging: string, createdAt: number): void {
  const plan: Plan = {
    staging: basename(staging),
    aside: `replaced-${fileTime(new Date())}`,
    createdAt,
  }
  writeAtomically(join(home, planName), JSON.stringify(plan))
}

/**
 * Puts a planned restore in place, before the database is opened: what was there is moved into a folder of its own, never deleted.
 * Stopped in between, it goes on at the next start. Throws where a name cannot be changed; then all is as it was. Null where nothing
 * is planned. Not while another program has the database open.
 */
export function finishRestore(home: string): RestoredBackup | null {
  const plan = readPlan(home)
  if (!plan) {
    removeLeftovers(home)
    return null
  }
  const staging = join(home, plan.staging)
  const aside = join(home, plan.aside)
  const done: [from: string, to: string][] = []
  const goesOn = existsSync(aside)
  try {
    mkdirSync(aside, { recursive: true })
    // The log before the database, which must never be read with another's.
    if (existsSync(join(staging, databaseName)))
      for (const name of [`${databaseName}-shm`, `${databaseName}-wal`]) move(join(home, name), join(aside, name))
    for (const name of [databaseName, 'runs']) {
      if (!existsSync(join(staging, name))) continue
      move(join(home, name), join(aside, name))
      move(join(staging, name), join(home, name))
    }
    diskFiles.syncFolder(home)
  } catch (error) {
    // Half of an earlier start's work cannot be told from what is there now: the next start tries again.
    if (!goesOn) {
      for (const [from, to] of done.toReversed()) renameSync(to, from)
      forget(home, staging)
    }
    const { kind, message } = toWire(error)
    throw new AppError(kind, `The backup could not be put in place: ${message}`, {
      fix: 'Nothing is lost. Close other programs that use the data folder, then restore again.',
      params: { folder: home, detail: message },
      cause: error,
    })
  }
  forget(home, staging)
  return { createdAt: plan.createdAt, aside }

  function move(from: string, to: string): void {
    if (!existsSync(from)) return
    renameSync(from, to)
    done.push([from, to])
  }
}

function readPlan(home: string): Plan | null {
  try {
    return planSchema.parse(JSON.parse(readFileSync(join(home, planName), 'utf8')))
  } catch {
    return null
  }
}

/** The plan goes last: without it, what was unpacked is rubbish. */
function forget(home: string, staging: string): void {
  rmSync(join(home, planName), { force: true })
  rmSync(staging, { recursive: true, force: true })
}

/** What was unpacked and never confirmed. */
function removeLeftovers(home: string): void {
  for (const name of existsSync(home) ? readdirSync(home) : []) {
    if (name.startsWith(stagingPrefix) && name !== planName) rmSync(join(home, name), { recursive: true, force: true })
  }
}
