import { createHash } from 'node:crypto'
import { createWriteStream, existsSync } from 'node:fs'
import { open, readdir, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Database } from 'better-sqlite3'
import { ZipFile } from 'yazl'
import { AppError, toWire } from '../../../../shared/errors'
import { diskFiles } from '../../documents/atomic-write'
import { schemaVersion } from '../migrate'
import { databaseName } from '../home'
import type { Storage } from '../open'
import {
  backupVersion,
  fileNameSchema,
  manifestName,
  type BackupFile,
  type BackupManifest,
  type BackupProgress,
} from './format'

export interface BackupOptions {
  readonly appVersion: string
  /** Also the run folders: weights, checkpoints, journals. */
  readonly folders: boolean
  readonly onProgress: (progress: BackupProgress) => void
  /** Ends it early; nothing is left of the file then. */
  readonly signal?: AbortSignal
}

export interface MadeBackup {
  readonly runs: number
  readonly files: number
  /** Size of the file. */
  readonly bytes: number
}

/** Pages of the database that are copied in one go, so that the window does not wait: some milliseconds. */
const pagesAtOnce = 500

/**
 * Writes a backup of the database as of one moment, and of the run folders where they are wanted, into `target`: all of it or
 * nothing. What is recorded meanwhile goes on. Throws `cancelled`, `disk-full` and the like, naming the file.
 */
export async function createBackup(storage: Storage, target: string, options: BackupOptions): Promise<MadeBackup> {
  const snapshot = join(dirname(target), `.${basename(target)}.${process.pid}.sqlite`)
  const unfinished = join(dirname(target), `.${basename(target)}.${process.pid}.part`)
  try {
    await copyDatabase(storage.db, snapshot, options.signal)
    const folders = options.folders ? await listRunFiles(storage.home) : []
    const manifest = await writeZip(unfinished, storage, snapshot, folders, options)
    await sync(unfinished)
    await rename(unfinished, target)
    diskFiles.syncFolder(dirname(target))
    return { runs: manifest.runs, files: manifest.files.length, bytes: (await stat(target)).size }
  } catch (error) {
    throw explain(error, target, options.signal)
  } finally {
    for (const leftover of [unfinished, ...['', '-wal', '-shm', '-journal'].map((suffix) => snapshot + suffix)])
      await rm(leftover, { force: true })
  }
}

/** SQLite's own online backup: a consistent copy while others write. */
async function copyDatabase(db: Database, to: string, signal: AbortSignal | undefined): Promise<void> {
  await db.backup(to, {
    progress() {
      signal?.throwIfAborted()
      return pagesAtOnce
    },
  })
}

export interface Source {
  readonly name: string
  readonly path: string
  readonly size: number
}

/** Every file of every run's folder; unfinished ones begin with a dot and are left out. */
export async function listRunFiles(home: string, folder = 'runs'): Promise<Source[]> {
  const found: Source[] = []
  const path = join(home, folder)
  for (const entry of existsSync(path) ? await readdir(path, { withFileTypes: true }) : []) {
    if (entry.name.startsWith('.')) continue
    const name = `${folder}/${entry.name}`
    if (entry.isDirectory()) found.push(...(await listRunFiles(home, name)))
    if (!entry.isFile() || !fileNameSchema.safeParse(name).success) continue
    const about = await stat(join(home, name)).catch(() => null)
    if (about) found.push({ name, path: join(home, name), size: about.size })
  }
  return found
}

async function writeZip(
  file: string,
  storage: Storage,
  snapshot: string,
  folders: readonly Source[],
  { appVersion, folders: withFolders, onProgress, signal }: BackupOptions,
): Promise<BackupManifest> {
  const database = { name: databaseName, path: snapshot, size: (await stat(snapshot)).size }
  const sources = [database, ...folders]
  const total = sources.reduce((sum, { size }) => sum + size, 0)
  const files: BackupFile[] = []
  let done = 0
  const zip = new ZipFile()
  for (const source of sources) {
    // Weights hardly get smaller.
    const compress = !source.name.endsWith('.safetensors')
    zip.addReadStreamLazy(source.name, { compress, compressionLevel: compress ? 3 : 0 }, (give) => {
      void openSource(source).then(
        (stream) => give(null, stream),
        (error: unknown) => give(error, Readable.from([])),
      )
    })
  }
  const manifest = {
    format: 'convscope.backup' as const,
    version: backupVersion,
    createdAt: Date.now(),
    appVersion,
    schema: schemaVersion(storage.db),
    runs: countRuns(storage.db),
    folders: withFolders,
    files,
  }
  // Written when all files before it are, and their sums are known.
  zip.addReadStreamLazy(manifestName, (give) => give(null, Readable.from([JSON.stringify(manifest)])))
  const out = createWriteStream(file, { flags: 'wx' })
  zip.on('error', (error: Error) => out.destroy(error))
  zip.end()
  await pipeline(zip.outputStream, out, ...(signal ? [{ signal }] : []))
  return manifest

  async function openSource({ name, path }: Source): Promise<Readable> {
    // A checkpoint may have been pruned meanwhile: it stays an empty entry that no list names.
    const handle = await open(path, 'r').catch(() => null)
    if (!handle) return Readable.from([])
    // A journal may grow meanwhile: as much of it as there is now.
    const { size } = await handle.stat()
    const hash = createHash('sha256')
    const meter = new Transform({
      transform(chunk: Uint8Array, _encoding, next) {
        hash.update(chunk)
        done += chunk.length
        onProgress({ done: Math.min(done, total), total })
        next(null, chunk)
      },
      flush(next) {
        files.push({ name, size, sha256: hash.digest('hex') })
        next()
      },
    })
    if (size === 0) {
      await handle.close()
      meter.end()
      return meter
    }
    const stream = handle.createReadStream({ end: size - 1 })
    stream.on('error', (error) => meter.destroy(error))
    return stream.pipe(meter)
  }
}

export function countRuns(db: Database): number {
  return db.prepare<[], number>('SELECT count(*) FROM runs WHERE deleted_at IS NULL').pluck().get() ?? 0
}

async function sync(file: string): Promise<void> {
  const handle = await open(file, 'r+')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

function explain(error: unknown, target: string, signal: AbortSignal | undefined): AppError {
  if (signal?.aborted) return new AppError('cancelled', 'The backup was cancelled; nothing was written.')
  const { kind, message } = toWire(error)
  const fixes: Partial<Record<typeof kind, string>> = {
    'disk-full': 'Make room on the disk, back up to another one, or leave the weights out.',
    'permission-denied': 'Choose another folder.',
    'not-found': 'The folder is gone; choose another one.',
  }
  return new AppError(kind, `The backup ${target} could not be written: ${message}`, {
    fix: fixes[kind] ?? 'Choose another folder.',
    params: { path: target, detail: message },
    cause: error,
  })
}
