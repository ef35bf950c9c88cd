import { join } from 'node:path'
import { readSafetensors } from '../../shared/formats/safetensors'
import { checkpointFolder, weightsFile } from '../../shared/training/checkpoint-names'
import { diskFiles, type RunFiles } from '../run-folder/files'
import type { CompiledNetwork } from './engines/engine'

/** Gives the network the weights of its best epoch. Returns their path relative to the run's folder. Throws `data-corrupt`. */
export function restoreBest(
  runFolder: string,
  epoch: number,
  compiled: CompiledNetwork,
  files: RunFiles = diskFiles,
): string {
  const name = `${checkpointFolder({ epoch, stepInEpoch: 0 })}/${weightsFile}`
  const path = join(runFolder, name)
  compiled.setWeights(readSafetensors(files.read(path), path).tensors)
  return name
}
