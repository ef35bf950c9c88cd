import { closeSync, openSync, readSync } from 'node:fs'

/** Whether a file begins as archives do, and not as a network's JSON. Throws what the disk throws. */
export function isZip(file: string): boolean {
  const start = new Uint8Array(2)
  const handle = openSync(file, 'r')
  try {
    readSync(handle, start)
  } finally {
    closeSync(handle)
  }
  return start[0] === 0x50 && start[1] === 0x4b
}
