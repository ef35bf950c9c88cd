import { createReadStream, createWriteStream, mkdirSync, openSync, closeSync, readSync, fstatSync } from 'node:fs'
import { dirname, join, normalize, sep } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createInflateRaw } from 'node:zlib'

/**
 * @typedef {object} ZipEntry
 * @property {string} name
 * @property {number} mode the Unix permission bits, 0 where the archive has none
 * @property {number} method 0 stored, 8 deflated
 * @property {number} packed bytes
 * @property {number} size bytes
 * @property {number} offset of the local header
 */

/**
 * The archive's table of contents (APPNOTE 4.3.12; no ZIP64: the archives here have fewer than 65,535 entries under 4 GB).
 * @param {string} path
 * @returns {ZipEntry[]}
 */
export function listZip(path) {
  const file = openSync(path, 'r')
  try {
    const size = fstatSync(file).size
    const tail = readAt(file, Math.max(0, size - 65_557), Math.min(size, 65_557))
    const end = tail.lastIndexOf(Buffer.from([0x50, 0x4b, 5, 6]))
    if (end < 0) throw new Error(`${path} is not a zip archive`)
    const count = tail.readUInt16LE(end + 10)
    const table = readAt(file, tail.readUInt32LE(end + 16), tail.readUInt32LE(end + 12))
    const entries = []
    for (let i = 0, at = 0; i < count; i++) {
      const nameLength = table.readUInt16LE(at + 28)
      entries.push({
        name: table.toString('utf8', at + 46, at + 46 + nameLength),
        mode: (table.readUInt32LE(at + 38) >>> 16) & 0o777,
        method: table.readUInt16LE(at + 10),
        packed: table.readUInt32LE(at + 20),
        size: table.readUInt32LE(at + 24),
        offset: table.readUInt32LE(at + 42),
      })
      at += 46 + nameLength + table.readUInt16LE(at + 30) + table.readUInt16LE(at + 32)
    }
    return entries
  } finally {
    closeSync(file)
  }
}

/**
 * Unpacks the entries that `place` gives a path for.
 * @param {string} path
 * @param {string} folder
 * @param {(name: string) => string | null} place the file's path below `folder`, or null to leave the entry out
 * @param {(done: number, total: number) => void} [onProgress] in unpacked bytes
 */
export async function unpackZip(path, folder, place, onProgress) {
  const wanted = listZip(path).flatMap((entry) => {
    const target = entry.name.endsWith('/') ? null : place(entry.name)
    return target === null ? [] : [{ entry, target: below(folder, target) }]
  })
  const total = wanted.reduce((sum, { entry }) => sum + entry.size, 0)
  const file = openSync(path, 'r')
  let done = 0
  try {
    for (const { entry, target } of wanted) {
      mkdirSync(dirname(target), { recursive: true })
      const header = readAt(file, entry.offset, 30)
      const start = entry.offset + 30 + header.readUInt16LE(26) + header.readUInt16LE(28)
      const out = createWriteStream(target, { mode: entry.mode || 0o644 })
      if (entry.packed === 0) await pipeline([], out)
      else {
        const packed = createReadStream(path, { start, end: start + entry.packed - 1, highWaterMark: 1 << 20 })
        packed.on('data', () => onProgress?.(done + out.bytesWritten, total))
        await (entry.method === 0 ? pipeline(packed, out) : pipeline(packed, createInflateRaw(), out))
      }
      done += entry.size
    }
  } finally {
    closeSync(file)
  }
}

/** @param {string} folder @param {string} name */
function below(folder, name) {
  const path = normalize(join(folder, name))
  if (!path.startsWith(normalize(folder + sep))) throw new Error(`the archive names a file outside its folder: ${name}`)
  return path
}

/** @param {number} file @param {number} position @param {number} length */
function readAt(file, position, length) {
  const buffer = Buffer.alloc(length)
  const read = readSync(file, buffer, 0, length, position)
  return buffer.subarray(0, read)
}
