import { join } from 'node:path'
import { weightsFile } from '../../shared/training/checkpoint-names'
import { diskFiles, type RunFiles } from './files'
import { listMoments } from './moments'

/** The newest weights that a run learned, relative to its folder; null before its first checkpoint. */
export function newestWeights(runFolder: string, files: RunFiles = diskFiles): string | null {
  const newest = listMoments(runFolder, files).find(
    ({ name, place }) =>
      (place.epoch > 0 || place.stepInEpoch > 0) && files.list(join(runFolder, name)).includes(weightsFile),
  )
  return newest ? `${newest.name}/${weightsFile}` : null
}
