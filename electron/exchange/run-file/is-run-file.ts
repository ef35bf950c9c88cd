import { closeSync, openSync, readSync } from 'node:fs'

/** Whether a file holds a run, not a network. False also for a file that cannot be read: whoever opens it says why. */
export function isRunFile(path: string): boolean {
  const start = new Uint8Array(4)
  try {
    const file = openSync(path, 'r')
    try {
      readSync(file, start)
    } finally {
      closeSync(file)
    }
  } catch {
    return false
  }
  // Of any zip file; a network's file is JSON.
  return start[0] === 0x50 && start[1] === 0x4b
}
