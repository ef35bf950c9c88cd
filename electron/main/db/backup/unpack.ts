import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { ArchiveWatch, BackupContent, UnpackJob } from '../../../exchange/archives'
import { AppError, toWire } from '../../../../shared/errors'
import { openZip, type OpenZip } from '../../../exchange/zip/read-zip'
import { databaseName } from '../home'
import { migrations } from '../migrate'
import { openFile } from '../open-file'
import { backupVersion, manifestName, manifestSchema, versionSchema, type BackupManifest } from './format'

/**
 * Unpacks a backup into a folder that must not be there yet, and checks all of it: every file against its SHA-256, the database
 * page by page. Nothing else is touched. Throws `file-corrupt`, `unsupported-version` or `database-too-new` for what is not a
 * whole backup that this Convscope reads, `disk-full`, or `cancelled`; the folder is then gone again.
 */
export async function unpackBackup({ file, into }: UnpackJob, watch: ArchiveWatch): Promise<BackupContent> {
  let zip: OpenZip | null = null
  try {
    await mkdir(into)
    zip = await openZip(file)
    const { files, createdAt, appVersion, runs, folders } = await readManifest(zip)
    await zip.extract(files, into, watch)
    checkDatabase(join(into, databaseName))
    return { createdAt, appVersion, runs, folders }
  } catch (error) {
    await rm(into, { recursive: true, force: true })
    throw explain(error, file, watch.signal)
  } finally {
    zip?.close()
  }
}

async function readManifest(zip: OpenZip): Promise<BackupManifest> {
  const content = JSON.parse((await zip.read(manifestName)).toString('utf8')) as unknown
  const { version } = versionSchema.parse(content)
  if (version > backupVersion) {
    throw new AppError(
      'unsupported-version',
      `It was written by a newer Convscope (version ${version} of the format).`,
      { fix: 'Update Convscope.' },
    )
  }
  const manifest = manifestSchema.parse(content)
  const newest = migrations.at(-1)?.version ?? 0
  if (manifest.schema > newest) {
    throw new AppError(
      'database-too-new',
      `Its database is of version ${manifest.schema}, written by a newer Convscope; this one reads up to version ${newest}.`,
      { fix: 'Update Convscope.' },
    )
  }
  if (!manifest.files.some(({ name }) => name === databaseName))
    throw new AppError('file-corrupt', 'It has no database.')
  return manifest
}

/** Opens it as a start would, which checks all of it and brings an older one up to date. */
function checkDatabase(file: string): void {
  openFile(file, { known: migrations, timeoutMs: 1000, suspect: true, thorough: false, shared: false }).close()
}

function explain(error: unknown, file: string, signal: AbortSignal | undefined): AppError {
  if (signal?.aborted) return new AppError('cancelled', 'Reading the backup was cancelled; nothing was changed.')
  const { kind, message, fix } = toWire(error)
  // What zip and JSON readers throw has no code: the file is not what it should be.
  const shown = kind === 'internal' || kind === 'database-corrupt' ? 'file-corrupt' : kind
  const advice = shown === 'file-corrupt' ? 'Take another backup file. Nothing was changed.' : fix
  return new AppError(shown, `The backup ${file} cannot be restored: ${message}`, {
    fix: advice,
    params: { source: file, detail: message },
    cause: error,
  })
}
