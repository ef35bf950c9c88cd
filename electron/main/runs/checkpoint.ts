import { readFileSync } from 'node:fs'
import { AppError } from '../../../shared/errors'
import { readSafetensors } from '../../../shared/formats/safetensors'
import type { NamedTensors } from '../../../shared/formats/tensors'
import type { Kernels } from '../../../shared/training/messages'

/** The kernels of a convolution as a checkpoint holds them, `[out, in, kh, kw]`; null where the layer has none. */
export function checkpointKernels(file: string, layer: string): Kernels | null {
  const weight = readCheckpoint(file).get(`${layer}.weight`)
  if (!weight || weight.shape.length !== 4) return null
  return { layer, shape: weight.shape, values: weight.values }
}

function readCheckpoint(file: string): NamedTensors {
  return readSafetensors(readBytes(file), file).tensors
}

function readBytes(file: string): Uint8Array {
  try {
    return readFileSync(file)
  } catch (error) {
    throw new AppError('not-found', `The weights ${file} cannot be read.`, {
      fix: 'They may have been moved or deleted. Train again.',
      params: { file },
      cause: error,
    })
  }
}
