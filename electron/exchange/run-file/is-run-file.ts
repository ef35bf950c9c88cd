import { isZip } from '../zip/is-zip'

/** Whether a file holds a run, not a network. False also for a file that cannot be read: whoever opens it says why. */
export function isRunFile(path: string): boolean {
  try {
    return isZip(path)
  } catch {
    return false
  }
}
