import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { readWal } from './wal'

/** The pages of a database file, each in its newest version: the log's where that has one. */
export interface Pages {
  readonly size: number
  readonly count: number
  /** From 1. Shorter than `size` where the file is cut off within it; null where it is cut off before. */
  get(page: number): Uint8Array | null
  /** The file's header, 100 bytes, damaged or not. */
  readonly header: Uint8Array
  close(): void
}

const assumedPageSize = 4096

export function isPageSize(size: number): boolean {
  return size >= 512 && size <= 65536 && (size & (size - 1)) === 0
}

/** Opens a file that SQLite may not be able to read at all. Nothing is written. */
export function openPages(file: string): Pages {
  const wal = readWal(`${file}-wal`)
  const handle = openSync(file, 'r')
  const walHandle = wal ? openSync(`${file}-wal`, 'r') : null
  const bytes = fstatSync(handle).size
  const stored = read(handle, 0, 100)
  const named = ((stored[16] ?? 0) << 8) | (stored[17] ?? 0)
  const size = wal?.pageSize ?? (isPageSize(named) ? named : assumedPageSize)
  const count = Math.max(Math.ceil(bytes / size), wal?.pageCount ?? 0)

  function get(page: number): Uint8Array | null {
    const offset = wal?.pages.get(page)
    const found =
      offset === undefined || walHandle === null ? read(handle, (page - 1) * size, size) : read(walHandle, offset, size)
    return found.length === 0 ? null : found
  }

  return {
    size,
    count,
    get,
    header: (get(1) ?? stored).subarray(0, 100),
    close() {
      closeSync(handle)
      if (walHandle !== null) closeSync(walHandle)
    },
  }
}

function read(handle: number, at: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length)
  return bytes.subarray(0, readSync(handle, bytes, 0, length, at))
}
