import { rm } from 'node:fs/promises'
import { AppError } from '../../../shared/errors'
import type { ArchiveProgress } from '../../../shared/ipc/archive-progress'
import type { Archives } from '../../exchange/archives'
import type { BackupFound } from '../../../shared/ipc/backup-calls'
import { countRuns, createBackup } from '../db/backup/create'
import { planRestore, stagingFolder } from '../db/backup/replace'
import { listRunFiles } from '../db/backup/write'
import type { Storage } from '../db/open'
import type { Handlers } from '../ipc/serve'

type BackupCalls = Extract<keyof Handlers, `backup.${string}`>

export interface BackupHandlersOptions {
  readonly storage: Storage
  readonly appVersion: string
  /** Null when the person changed their mind. */
  readonly askTarget: (suggestion: string) => Promise<string | null>
  readonly askBackup: () => Promise<string | null>
  readonly archives: Pick<Archives, 'backup' | 'unpack'>
  readonly onProgress: (progress: ArchiveProgress) => void
  /** Whether a run trains or pauses. */
  readonly isBusy: () => boolean
  /** Ends the app and starts it again. */
  readonly restart: () => void
}

export function backupHandlers(options: BackupHandlersOptions): Pick<Handlers, BackupCalls> {
  const { storage, appVersion, archives, onProgress } = options
  const { db, home, session } = storage
  let underWay: AbortController | null = null
  let found: { readonly folder: string; readonly createdAt: number } | null = null

  /** Only one at a time: they would fight for the disk. */
  async function run<Result>(work: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
    if (underWay) throw new AppError('busy', 'A backup or a restore is under way.', { fix: 'Wait until it is done.' })
    const controller = (underWay = new AbortController())
    try {
      return await work(controller.signal)
    } finally {
      underWay = null
    }
  }

  async function forget(): Promise<void> {
    const folder = found?.folder
    found = null
    if (folder !== undefined) await rm(folder, { recursive: true, force: true })
  }

  function refuseWhileBusy(): void {
    if (options.isBusy()) {
      throw new AppError('busy', 'A run is training.', { fix: 'Stop it, or wait until it has finished, then restore.' })
    }
    if (session.hasCompanyNow()) {
      throw new AppError('busy', 'Another Convscope uses the runs now, such as the command line.', {
        fix: 'Close it, then restore.',
      })
    }
  }

  return {
    async 'backup.overview'() {
      const files = await listRunFiles(home)
      return {
        runs: countRuns(db),
        // With what is still in the log.
        databaseBytes:
          Number(db.pragma('page_count', { simple: true })) * Number(db.pragma('page_size', { simple: true })),
        folderBytes: files.reduce((sum, { size }) => sum + size, 0),
      }
    },
    async 'backup.create'({ folders }) {
      const day = new Date().toISOString().slice(0, 10)
      const target = await options.askTarget(`Convscope ${day}.zip`)
      if (target === null) return null
      const made = await run((signal) =>
        createBackup(storage, target, { appVersion, folders, onProgress, signal, write: archives.backup }),
      )
      return { path: target, runs: made.runs, bytes: made.bytes }
    },
    async 'backup.read'(): Promise<BackupFound | null> {
      refuseWhileBusy()
      const path = await options.askBackup()
      if (path === null) return null
      return run(async (signal) => {
        await forget()
        const folder = stagingFolder(home)
        const content = await archives.unpack({ file: path, into: folder }, { onProgress, signal })
        found = { folder, createdAt: content.createdAt }
        return { path, ...content, runsNow: countRuns(db) }
      })
    },
    'backup.restore'() {
      refuseWhileBusy()
      if (!found) throw new AppError('not-found', 'No backup was read.', { fix: 'Choose the backup again.' })
      planRestore(home, found.folder, found.createdAt)
      found = null
      options.restart()
      return undefined
    },
    async 'backup.cancel'() {
      underWay?.abort()
      await forget()
      return undefined
    },
  }
}
