import { readdirSync } from 'node:fs'
import { constants, setPriority } from 'node:os'

/**
 * Puts this process behind everything else that wants to compute, so that looking into a network does not slow the training
 * of one. On Linux a priority belongs to a thread: those that are there are set one by one, later ones inherit it.
 */
export function lowerPriority(): void {
  for (const id of threads()) {
    try {
      setPriority(id, constants.priority.PRIORITY_LOW)
    } catch {
      // A thread that has ended meanwhile, or a system that forbids it: answers come all the same.
    }
  }
}

/** 0 is this process. */
function threads(): number[] {
  if (process.platform !== 'linux') return [0]
  try {
    return readdirSync('/proc/self/task').map(Number)
  } catch {
    return [0]
  }
}
