import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError, toWire } from '../../../shared/errors'
import type { DeletedRun } from '../../../shared/ipc/organize-calls'
import { isActive } from '../../../shared/training/state'
import { runFolderName } from '../db/home'
import type { Storage } from '../db/open'
import { markDeleted } from '../../run-folder/deletion-mark'
import { createOrganizeRepository } from '../db/repositories/organize'
import type { Notify, RunLabels, RunRecorder } from './run-recorder'

/** How long a deleted run can be brought back. */
export const graceMs = 30 * 24 * 3600 * 1000

/** Keeps many runs in order. Each call changes all of its runs or none, and throws `not-found` where one is missing. */
export interface RunOrganizer {
  tag(ids: readonly string[], add: readonly string[], remove: readonly string[]): void
  setNote(id: string, note: string): void
  pin(ids: readonly string[], pinned: boolean): void
  archive(ids: readonly string[], archived: boolean): void
  /** Takes runs out of sight; their folders stay. Throws `busy` where one trains. */
  delete(ids: readonly string[]): void
  restore(ids: readonly string[]): void
  deleted(): DeletedRun[]
  /** Removes deleted runs and their folders for good; others are left alone. */
  purge(ids: readonly string[]): Promise<void>
  /** Removes what was deleted longer ago than people can want it back. */
  purgeOld(): Promise<void>
}

export interface OrganizerOptions {
  readonly recorder: RunRecorder
  readonly notify: Notify
  readonly log: (message: string) => void
  readonly now?: () => number
}

export function createRunOrganizer({ db, home }: Storage, options: OrganizerOptions): RunOrganizer {
  const { recorder, notify, log, now = Date.now } = options
  const store = createOrganizeRepository(db)

  function tell(ids: readonly string[]): void {
    const told = new Set(ids)
    const changed = recorder.list().filter(({ id }) => told.has(id))
    if (changed.length > 0) notify('runs.changed', changed)
  }

  function change(ids: readonly string[], labels: (id: string) => Partial<RunLabels>): void {
    const changes = new Map<string, Partial<RunLabels>>()
    recorder.writeNow(() => {
      for (const id of ids) {
        requireRun(id)
        const part = labels(id)
        changes.set(id, part)
        if (part.tags) store.setTags(id, part.tags)
        if (part.note !== undefined) store.setNote(id, part.note)
        if (part.pinned !== undefined) store.setPinned(id, part.pinned)
        if (part.archived !== undefined) store.setArchived(id, part.archived)
      }
    })
    for (const [id, part] of changes) recorder.amend(id, part)
    tell(ids)
  }

  function requireRun(id: string): void {
    if (!store.exists(id)) throw new AppError('not-found', `There is no run ${id}.`, { params: { id } })
  }

  /** Best effort: without it, only a database that is lost would bring back what was deleted. */
  function mark(ids: readonly string[], deletedAt: number | null): void {
    for (const id of ids) {
      try {
        markDeleted(join(home, runFolderName(id)), deletedAt)
      } catch (error) {
        log(`the mark of a deleted run: ${toWire(error).message}`)
      }
    }
  }

  async function purge(ids: readonly string[]): Promise<void> {
    for (const id of ids) {
      // The folder first: where that fails the run is still there to try again.
      await rm(join(home, runFolderName(id)), { recursive: true, force: true })
      recorder.writeNow(() => store.remove(id))
    }
  }

  return {
    tag(ids, add, remove) {
      const gone = new Set(remove)
      change(ids, (id) => ({ tags: [...new Set([...store.tags(id).filter((tag) => !gone.has(tag)), ...add])] }))
    },
    setNote: (id, note) => change([id], () => ({ note })),
    pin: (ids, pinned) => change(ids, () => ({ pinned })),
    archive: (ids, archived) => change(ids, () => ({ archived })),
    delete(ids) {
      const wanted = new Set(ids)
      const training = recorder.list().find(({ id, state }) => wanted.has(id) && isActive(state))
      if (training) {
        throw new AppError('busy', `The run "${training.name}" is still training.`, {
          fix: 'Stop it first, then delete it.',
          params: { name: training.name },
        })
      }
      const deletedAt = now()
      recorder.writeNow(() => {
        ids.forEach(requireRun)
        for (const id of ids) store.setDeleted(id, deletedAt)
      })
      mark(ids, deletedAt)
      for (const id of ids) notify('run.deleted', { id })
    },
    restore(ids) {
      recorder.writeNow(() => ids.forEach((id) => store.setDeleted(id, null)))
      mark(ids, null)
      tell(ids)
    },
    deleted: () => store.deleted(),
    async purge(ids) {
      const wanted = new Set(ids)
      await purge(store.deleted().flatMap(({ id }) => (wanted.has(id) ? [id] : [])))
    },
    async purgeOld() {
      const old = store.deleted().filter(({ deletedAt }) => deletedAt < now() - graceMs)
      try {
        await purge(old.map(({ id }) => id))
        if (old.length > 0) log(`removed ${old.length} runs that were deleted over 30 days ago`)
      } catch (error) {
        log(`deleted runs could not be removed yet: ${toWire(error).message}`)
      }
    },
  }
}
