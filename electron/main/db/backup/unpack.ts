import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { openPromise, type Entry, type ZipFile } from 'yauzl'
import { AppError, toWire } from '../../../../shared/errors'
import { migrations } from '../migrate'
import { openFile } from '../open-file'
import { databaseName } from '../home'
import {
  backupVersion,
  manifestName,
  manifestSchema,
  versionSchema,
  type BackupFile,
  type BackupManifest,
  type BackupProgress,
} from './format'

export interface UnpackOptions {
  readonly onProgress: (progress: BackupProgress) => void
  readonly signal?: AbortSignal
}

/** A list of files has to fit into this; it is some hundred bytes a file. */
const largestManifest = 256 * 1024 * 1024

/**
 * Unpacks a backup into a folder that must not be there yet, and checks all of it: every file against its SHA-256, the database
 * page by page. Nothing else is touched. Throws `data-corrupt`, `unsupported-version` or `database-too-new` for what is not a
 * whole backup that this Convscope reads, `disk-full`, or `cancelled`; the folder is then gone again.
 */
export async function unpackBackup(file: string, into: string, options: UnpackOptions): Promise<BackupManifest> {
  let zip: ZipFile | null = null
  try {
    await mkdir(into)
    zip = await openPromise(file, { lazyEntries: true, autoClose: false, strictFileNames: true })
    const entries = new Map<string, Entry>()
    for await (const entry of zip.eachEntry()) entries.set(entry.fileName, entry)
    const manifest = await readManifest(zip, entries)
    await extract(zip, entries, manifest.files, into, options)
    checkDatabase(join(into, databaseName))
    return manifest
  } catch (error) {
    await rm(into, { recursive: true, force: true })
    throw explain(error, file, options.signal)
  } finally {
    zip?.close()
  }
}

async function readManifest(zip: ZipFile, entries: ReadonlyMap<string, Entry>): Promise<BackupManifest> {
  const entry = entries.get(manifestName)
  if (!entry) throw new AppError('data-corrupt', `It has no ${manifestName}.`)
  if (entry.uncompressedSize > largestManifest) throw new AppError('data-corrupt', `Its ${manifestName} is too large.`)
  const chunks: Buffer[] = []
  for await (const chunk of await zip.openReadStreamPromise(entry)) chunks.push(chunk as Buffer)
  const content = JSON.parse(Buffer.concat(chunks).toString('utf8')) as unknown
  const { version } = versionSchema.parse(content)
  if (version > backupVersion) {
    throw new AppError(
      'unsupported-version',
      `It was written by a newer Convscope (version ${version} of the format).`,
      {
        fix: 'Update Convscope.',
      },
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
    throw new AppError('data-corrupt', 'It has no database.')
  return manifest
}

async function extract(
  zip: ZipFile,
  entries: ReadonlyMap<string, Entry>,
  files: readonly BackupFile[],
  into: string,
  { onProgress, signal }: UnpackOptions,
): Promise<void> {
  const total = files.reduce((sum, { size }) => sum + size, 0)
  let done = 0
  for (const { name, size, sha256 } of files) {
    const entry = entries.get(name)
    if (!entry || entry.uncompressedSize !== size) throw new AppError('data-corrupt', `It lacks ${name}.`)
    const target = join(into, ...name.split('/'))
    await mkdir(dirname(target), { recursive: true })
    const hash = createHash('sha256')
    const meter = new Transform({
      transform(chunk: Uint8Array, _encoding, next) {
        hash.update(chunk)
        done += chunk.length
        onProgress({ done, total })
        next(null, chunk)
      },
    })
    const out = createWriteStream(target, { flags: 'wx', flush: true })
    await pipeline(await zip.openReadStreamPromise(entry), meter, out, ...(signal ? [{ signal }] : []))
    if (hash.digest('hex') !== sha256) throw new AppError('data-corrupt', `${name} is not what was backed up.`)
  }
}

/** Opens it as a start would, which checks all of it and brings an older one up to date. */
function checkDatabase(file: string): void {
  openFile(file, { known: migrations, timeoutMs: 1000, suspect: true, thorough: false, shared: false }).close()
}

function explain(error: unknown, file: string, signal: AbortSignal | undefined): AppError {
  if (signal?.aborted) return new AppError('cancelled', 'Reading the backup was cancelled; nothing was changed.')
  const { kind, message, fix } = toWire(error)
  // What zip and JSON readers throw has no code: the file is not what it should be.
  const shown = kind === 'internal' || kind === 'database-corrupt' ? 'data-corrupt' : kind
  const advice = shown === 'data-corrupt' ? 'Take another backup file. Nothing was changed.' : fix
  return new AppError(shown, `The backup ${file} cannot be restored: ${message}`, {
    fix: advice,
    params: { source: file, detail: message },
    cause: error,
  })
}
