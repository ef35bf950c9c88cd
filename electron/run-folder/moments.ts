import { placeOfFolder } from '../../shared/training/checkpoint-names'
import { diskFiles, type RunFiles } from './files'

type Place = NonNullable<ReturnType<typeof placeOfFolder>>

/** The moments of a run that have a folder, the newest first. What is in them is not looked at. */
export function listMoments(runFolder: string, files: RunFiles = diskFiles): { name: string; place: Place }[] {
  return files
    .list(runFolder)
    .flatMap((name) => {
      const place = placeOfFolder(name)
      return place ? [{ name, place }] : []
    })
    .sort((a, b) => b.place.epoch - a.place.epoch || b.place.stepInEpoch - a.place.stepInEpoch)
}
