import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'

/** What a checkpoint asks of the disk, so that tests can break any of it. */
export interface CheckpointFiles {
  makeFolder(path: string): void
  /** Returns when the bytes are on the disk, not only in its cache. */
  write(path: string, bytes: Uint8Array): void
  /** Makes the names in a folder lasting. */
  syncFolder(path: string): void
  rename(from: string, to: string): void
  remove(path: string): void
}

export const diskFiles: CheckpointFiles = {
  makeFolder: (path) => void mkdirSync(path, { recursive: true }),
  write(path, bytes) {
    const file = openSync(path, 'wx')
    try {
      for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at)
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
}
