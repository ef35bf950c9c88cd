import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { newestWeights } from '../../run-folder/newest-weights'

/**
 * Absolute path of a run's newest weights; null where it has none. `known` is what the database says, which may lag behind a
 * run whose program died, or whose file was deleted by hand.
 */
export function newestCheckpoint(runFolder: string, known: string | null): string | null {
  if (known !== null && existsSync(join(runFolder, known))) return join(runFolder, known)
  const name = newestWeights(runFolder) ?? known
  return name === null ? null : join(runFolder, name)
}
