import {
  closeSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs'

/** What a run's folder asks of the disk, so that tests can break any of it. */
export interface RunFiles {
  makeFolder(path: string): void
  /** A new file. Returns when the bytes are on the disk, not only in its cache. */
  write(path: string, bytes: Uint8Array): void
  /**
   * Makes a file end with `bytes` at `offset`: what is before stays, what was after is cut. Makes the file where it is missing.
   * Returns when that is on the disk.
   */
  writeTail(path: string, offset: number, bytes: Uint8Array): void
  /** Makes the names in a folder lasting. */
  syncFolder(path: string): void
  rename(from: string, to: string): void
  remove(path: string): void
  /** Names in a folder; none where it is missing. */
  list(path: string): string[]
  read(path: string): Uint8Array
}

export const diskFiles: RunFiles = {
  makeFolder: (path) => void mkdirSync(path, { recursive: true }),
  write(path, bytes) {
    const file = openSync(path, 'wx')
    try {
      writeAll(file, bytes, null)
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
  },
  writeTail(path, offset, bytes) {
    const file = openSync(path, openMode(path))
    try {
      writeAll(file, bytes, offset)
      ftruncateSync(file, offset + bytes.length)
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
  },
  syncFolder(path) {
    // Windows keeps names by itself and opens no folders.
    if (process.platform === 'win32') return
    const folder = openSync(path, 'r')
    try {
      fsyncSync(folder)
    } finally {
      closeSync(folder)
    }
  },
  rename: renameSync,
  remove: (path) => rmSync(path, { recursive: true, force: true }),
  list(path) {
    try {
      return readdirSync(path)
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
      throw error
    }
  },
  read: (path) => readFileSync(path),
}

function writeAll(file: number, bytes: Uint8Array, offset: number | null): void {
  for (let at = 0; at < bytes.length;) {
    at += writeSync(file, bytes, at, bytes.length - at, offset === null ? null : offset + at)
  }
}

/** To write into an existing file without emptying it, or to make one. */
function openMode(path: string): 'r+' | 'w+' {
  try {
    closeSync(openSync(path, 'r'))
    return 'r+'
  } catch {
    return 'w+'
  }
}
