import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdir, statfs } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { crc32 } from 'node:zlib'
import { openPromise, type Entry, type ZipFile } from 'yauzl'
import type { ArchiveWatch } from '../archives'
import { AppError } from '../../../shared/errors'
import { isZip } from './is-zip'
import type { ZipPart } from './write-zip'

/** What an archive's list of parts may take, unpacked. */
const mostListBytes = 256 * 2 ** 20
/** More entries than any archive of ours has. */
const mostEntries = 2_000_000

export interface OpenZip {
  /** Of the archive itself. */
  readonly bytes: number
  /** Unpacked sizes by name, as the archive tells them. */
  readonly sizes: ReadonlyMap<string, number>
  /** A small entry, compared with its CRC. Throws `file-corrupt`. */
  read(name: string): Promise<Buffer>
  /**
   * Writes parts into a folder, each compared with its size and SHA-256; nothing else is written, and never more than was
   * promised. Their names must have been checked. Throws `file-corrupt` naming the part, `disk-full` before anything is written
   * where it is foreseen, and what the disk throws.
   */
  extract(parts: readonly ZipPart[], into: string, watch: ArchiveWatch): Promise<void>
  close(): void
}

/** Lists an archive. Throws `file-corrupt` where it is none, is cut off, or holds a name twice, and what the disk throws. */
export async function openZip(file: string): Promise<OpenZip> {
  if (!isZip(file)) throw new AppError('file-corrupt', 'it is another kind of file')
  const zip = await openPromise(file, { lazyEntries: true, autoClose: false, strictFileNames: true })
  try {
    const entries = await list(zip)
    return {
      bytes: zip.fileSize,
      sizes: new Map([...entries].map(([name, { uncompressedSize }]) => [name, uncompressedSize])),
      read: (name) => read(zip, entries.get(name), name),
      extract: (parts, into, watch) => extract(zip, entries, parts, into, watch),
      close: () => zip.close(),
    }
  } catch (error) {
    zip.close()
    throw error
  }
}

async function list(zip: ZipFile): Promise<Map<string, Entry>> {
  if (zip.entryCount > mostEntries) throw corrupt(`it claims to hold ${zip.entryCount} files`)
  const entries = new Map<string, Entry>()
  for await (const entry of zip.eachEntry()) {
    if (entries.has(entry.fileName)) throw corrupt(`it holds ${entry.fileName} twice`)
    entries.set(entry.fileName, entry)
  }
  return entries
}

async function read(zip: ZipFile, entry: Entry | undefined, name: string): Promise<Buffer> {
  if (!entry) throw corrupt(`it lacks ${name}`)
  if (entry.uncompressedSize > mostListBytes) throw corrupt(`its ${name} is too large`)
  const chunks: Buffer[] = []
  for await (const chunk of await zip.openReadStreamPromise(entry)) chunks.push(chunk as Buffer)
  const bytes = Buffer.concat(chunks)
  if (crc32(bytes) !== entry.crc32) throw corrupt(`its ${name} is damaged`)
  return bytes
}

async function extract(
  zip: ZipFile,
  entries: ReadonlyMap<string, Entry>,
  parts: readonly ZipPart[],
  into: string,
  { onProgress, signal }: ArchiveWatch,
): Promise<void> {
  const total = parts.reduce((sum, { size }) => sum + size, 0)
  await requireRoom(into, total)
  let done = 0
  onProgress({ done, total })
  for (const { name, size, sha256 } of parts) {
    const entry = entries.get(name)
    if (entry?.uncompressedSize !== size) throw corrupt(`its part ${name} is damaged`)
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
    // yauzl ends the stream with an error where it gives more, or fewer, bytes than the archive promises.
    const content = await zip.openReadStreamPromise(entry)
    await pipeline(content, meter, out, ...(signal ? [{ signal }] : []))
    if (hash.digest('hex') !== sha256) throw corrupt(`its part ${name} is damaged`)
  }
}

async function requireRoom(folder: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder)
  if (bytes <= bavail * bsize) return
  throw new AppError('disk-full', `What is in it takes ${bytes} bytes, of which the disk has ${bavail * bsize}.`, {
    fix: 'Make room on the disk.',
    params: { folder, bytes },
  })
}

function corrupt(detail: string): AppError {
  return new AppError('file-corrupt', detail, { params: { detail } })
}
