import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { AppError, toWire, type WireError } from '../../../shared/errors'

function mark(home: string): string {
  return join(home, 'database.suspect')
}

/**
 * Takes note of damage that shows only while the database is in use, so that the next start checks all of it and recovers. Gives
 * the error as a person should see it; others as they are.
 */
export function noteDamage(home: string, error: WireError): WireError {
  if (error.kind !== 'database-corrupt') return error
  try {
    writeFileSync(mark(home), '')
  } catch {
    // Where nothing can be written, nothing can be recovered either; the error is told all the same.
  }
  return toWire(
    new AppError('database-corrupt', `The run database turned out to be damaged: ${error.message}`, {
      fix: 'Start Convscope again: it then recovers what can be read, and keeps the damaged file. Nothing that is recorded until then is lost.',
      params: error.params,
    }),
  )
}

/** Whether the database has to be checked although the last exit was clean. */
export function isSuspect(home: string): boolean {
  return existsSync(mark(home))
}

export function clearSuspicion(home: string): void {
  rmSync(mark(home), { force: true })
}
