import { readFileSync } from 'node:fs'
import { AppError } from '../../../shared/errors'
import { readSafetensors, writeSafetensors } from '../../../shared/formats/safetensors'
import type { NamedTensors } from '../../../shared/formats/tensors'
import { requireSound } from '../../../shared/network/analyze'
import type { NetworkDocument } from '../../../shared/network/document'
import type { Kernels } from '../../../shared/training/messages'

/** The kernels of a convolution as a checkpoint holds them, `[out, in, kh, kw]`; null where the layer has none. */
export function checkpointKernels(file: string, layer: string): Kernels | null {
  const weight = readCheckpoint(file).get(`${layer}.weight`)
  if (!weight || weight.shape.length !== 4) return null
  return { layer, shape: weight.shape, values: weight.values }
}

/**
 * A network's weights alone, as a safetensors file with PyTorch's names and layouts. Throws `data-corrupt` where the
 * checkpoint lacks one.
 */
export function exportWeights(file: string, document: NetworkDocument): Uint8Array {
  const stored = readCheckpoint(file)
  const names = requireSound(document).layers.flatMap((layer) =>
    layer.weights.map((weight) => `${layer.node.id}.${weight.name}`),
  )
  const tensors = names.map((name) => {
    const tensor = stored.get(name)
    if (!tensor) throw new AppError('data-corrupt', `The weights ${file} lack "${name}".`, { params: { source: file } })
    return [name, tensor] as const
  })
  return writeSafetensors(new Map(tensors))
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
