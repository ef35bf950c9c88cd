import { join } from 'node:path'
import { placeOfFolder, weightsFile } from '../../shared/training/checkpoint-names'
import { diskFiles, type RunFiles } from './files'

/** The newest weights that a run learned, relative to its folder; null before its first checkpoint. */
export function newestWeights(runFolder: string, files: RunFiles = diskFiles): string | null {
  const [newest] = files
    .list(runFolder)
    .flatMap((name) => {
      const place = placeOfFolder(name)
      const learned = place !== null && (place.epoch > 0 || place.stepInEpoch > 0)
      return learned && files.list(join(runFolder, name)).includes(weightsFile) ? [{ name, place }] : []
    })
    .sort((a, b) => b.place.epoch - a.place.epoch || b.place.stepInEpoch - a.place.stepInEpoch)
  return newest ? `${newest.name}/${weightsFile}` : null
}
