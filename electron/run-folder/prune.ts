import { join } from 'node:path'
import { checkpointFolder, optimizerFile, placeOfFolder, sumsFile } from '../../shared/training/checkpoint-names'
import type { CheckpointRules } from '../../shared/training/config'
import { diskFiles, type RunFiles } from './files'
import { listCheckpoints } from './read-checkpoint'
import { removeQuietly } from './write-folder'

/**
 * Frees what a run's rules do not keep: of checkpoints beyond the newest `keep_last` and the best, an epoch's end loses its
 * optimizer's slots (two thirds of it) where every epoch's weights are kept, and any other goes. What cannot be removed stays.
 */
export function pruneCheckpoints(
  runFolder: string,
  rules: CheckpointRules,
  bestEpoch: number | null,
  files: RunFiles = diskFiles,
): void {
  const best = rules.keep_best && bestEpoch !== null ? checkpointFolder({ epoch: bestEpoch, stepInEpoch: 0 }) : null
  const [, ...older] = listCheckpoints(runFolder, files)
  for (const name of older.slice(rules.keep_last - 1)) {
    if (name === best) continue
    const isEpochEnd = placeOfFolder(name)?.stepInEpoch === 0
    if (rules.keep_epochs && isEpochEnd) dropOptimizerState(join(runFolder, name), files)
    else removeQuietly(files, join(runFolder, name))
  }
}

/** The sums go first: what is left is then no checkpoint to go on from, whenever the computer stops. */
function dropOptimizerState(folder: string, files: RunFiles): void {
  removeQuietly(files, join(folder, sumsFile))
  removeQuietly(files, join(folder, optimizerFile))
}
