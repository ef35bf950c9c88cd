import { z } from 'zod'
import type { ArchiveProgress } from './archive-progress'
import { call, gives } from './call'

/** What a backup would hold. */
export interface BackupOverview {
  readonly runs: number
  readonly databaseBytes: number
  /** Of weights, checkpoints and journals. */
  readonly folderBytes: number
}

export interface BackupMade {
  readonly path: string
  readonly runs: number
  readonly bytes: number
}

/** A backup that was read and found whole. */
export interface BackupFound {
  readonly path: string
  /** Unix milliseconds. */
  readonly createdAt: number
  readonly appVersion: string
  readonly runs: number
  /** Whether weights and checkpoints are in it. */
  readonly folders: boolean
  /** Runs that are here now. */
  readonly runsNow: number
}

/** A backup that was put in place while the app started. */
export interface RestoredBackup {
  /** When the backup was made; Unix milliseconds. */
  readonly createdAt: number
  /** The folder that holds what was there before. */
  readonly aside: string
}

const nothing = z.undefined()

export const backupCalls = {
  'backup.overview': call(nothing, gives<BackupOverview>()),
  /** Asks for a file and writes it; null when the person changed their mind. Rejects with `cancelled` after a cancel. */
  'backup.create': call(z.strictObject({ folders: z.boolean() }), gives<BackupMade | null>()),
  /** Asks for a backup file and checks all of it, changing nothing; null when the person changed their mind. */
  'backup.read': call(nothing, gives<BackupFound | null>()),
  /** Restarts the app with what was read last in place. Rejects with `busy` while a run trains. */
  'backup.restore': call(nothing, gives<undefined>()),
  /** Ends what is under way, and forgets what was read. */
  'backup.cancel': call(nothing, gives<undefined>()),
}

export interface BackupEvents {
  /** Chosen in the menu. */
  readonly 'backup.command': { readonly command: 'backup' | 'restore' }
  /** Of what is under way, in bytes. */
  readonly 'backup.progress': ArchiveProgress
}
