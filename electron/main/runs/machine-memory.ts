import { totalmem } from 'node:os'

/**
 * Bytes that a trainer may take, measured now: what the system can give without swapping, within this process's container.
 * On macOS caches that would be given up are not counted as free, so there all of the machine's memory counts: better a slow
 * run than refusing one that would have fitted.
 */
export function memoryForTraining(): number {
  return process.platform === 'darwin' ? totalmem() : process.availableMemory()
}
