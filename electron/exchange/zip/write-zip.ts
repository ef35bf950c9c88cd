import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { ZipFile } from 'yazl'
import type { ArchiveWatch } from '../archives'

/** What goes into an archive. */
export interface ZipSource {
  readonly name: string
  /** A file's path, or the bytes themselves. */
  readonly from: string | Uint8Array
  /** So much of it; a file that has grown since goes no further. */
  readonly size: number
}

/** A part as an archive's list tells it. */
export interface ZipPart {
  readonly name: string
  readonly size: number
  readonly sha256: string
}

/** The entry that comes last, when the sums of all others are known. */
export interface ZipList {
  readonly name: string
  readonly content: (parts: readonly ZipPart[]) => string
}

/**
 * Streams an archive into a new file and flushes it; beyond 4 GB it is ZIP64. A source that is gone when its turn comes is
 * left as an empty entry that the list does not name. Throws what the disk throws; `target` is then the caller's to remove.
 */
export async function writeZip(
  target: string,
  sources: readonly ZipSource[],
  list: ZipList,
  { onProgress, signal }: ArchiveWatch,
): Promise<ZipPart[]> {
  const total = sources.reduce((sum, { size }) => sum + size, 0)
  const parts: ZipPart[] = []
  let done = 0
  const zip = new ZipFile()
  for (const source of sources) {
    // Weights hardly get smaller.
    const compress = !source.name.endsWith('.safetensors')
    zip.addReadStreamLazy(source.name, { compress, compressionLevel: compress ? 3 : 0 }, (give) => {
      void metered(source).then(
        (stream) => give(null, stream),
        (error: unknown) => give(error, Readable.from([])),
      )
    })
  }
  zip.addReadStreamLazy(list.name, (give) => give(null, Readable.from([list.content(parts)])))
  const out = createWriteStream(target, { flags: 'wx', flush: true })
  zip.on('error', (error: Error) => out.destroy(error))
  zip.end()
  await pipeline(zip.outputStream, out, ...(signal ? [{ signal }] : []))
  return parts

  async function metered(source: ZipSource): Promise<Readable> {
    const stream = await contentOf(source)
    if (!stream) return Readable.from([])
    const hash = createHash('sha256')
    let size = 0
    const meter = new Transform({
      transform(chunk: Uint8Array, _encoding, next) {
        hash.update(chunk)
        size += chunk.length
        done += chunk.length
        onProgress({ done: Math.min(done, total), total })
        next(null, chunk)
      },
      flush(next) {
        parts.push({ name: source.name, size, sha256: hash.digest('hex') })
        next()
      },
    })
    stream.on('error', (error) => meter.destroy(error))
    return stream.pipe(meter)
  }
}

/** Null where the file is gone. */
async function contentOf({ from, size }: ZipSource): Promise<Readable | null> {
  if (typeof from !== 'string') return Readable.from(from.length === 0 ? [] : [Buffer.from(from)])
  const handle = await open(from, 'r').catch(() => null)
  if (!handle) return null
  if (size > 0) return handle.createReadStream({ end: size - 1 })
  await handle.close()
  return Readable.from([])
}
