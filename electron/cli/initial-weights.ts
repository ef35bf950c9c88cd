import { basename } from 'node:path'
import { AppError } from '../../shared/errors'
import { writeSafetensors } from '../../shared/formats/safetensors'
import { readWeightFile } from '../../shared/import/weights/file'
import { mappedWeights, matchWeights } from '../../shared/import/weights/mapping'
import { weightTargets } from '../../shared/import/weights/targets'
import type { SoundNetwork } from '../../shared/network/analyze'
import { checkWeights } from '../trainer/engines/weights/check'
import { readInput } from './files'

/**
 * Weights of a file of any program, as safetensors by our names. Only names decide, since nobody sees a table here. Throws
 * `invalid-input` naming the file and the weights that it lacks, that do not fit, or that belong to no layer.
 */
export function readInitialWeights(network: SoundNetwork, file: string): Uint8Array {
  const read = readWeightFile(readInput(file), basename(file))
  const targets = weightTargets(network)
  const named = new Map([...matchWeights(targets, read)].filter(([, { how }]) => how === 'name'))
  const weights = mappedWeights(targets, read, named)
  // What fits under another name, and what does not, keeps the name that the message should have.
  const fitting = new Set([...named].flatMap(([name, { tensor }]) => (weights.has(name) ? [tensor] : [])))
  const others = read.tensors.filter(({ name }) => !fitting.has(name)).map((tensor) => [tensor.name, tensor] as const)
  try {
    return writeSafetensors(checkWeights(network, new Map([...weights, ...others])))
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    const { kind, message, params } = error
    const fix =
      'Choose a file that was saved for this network, or choose the tensors in the window: Start from weights.'
    throw new AppError(kind, `${file}: ${message}`, { fix, params: { ...params, file }, cause: error })
  }
}
