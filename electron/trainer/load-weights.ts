import { readFileSync } from 'node:fs'
import { AppError, toWire } from '../../shared/errors'
import { readSafetensors } from '../../shared/formats/safetensors'
import type { NamedTensors } from '../../shared/formats/tensors'
import type { SoundNetwork } from '../../shared/network/analyze'
import { checkWeights } from './engines/weights/check'

/**
 * A network's weights from a safetensors file, ours or PyTorch's. Throws `not-found`, or `invalid-input` naming the file and
 * the tensor that is damaged, missing or of another shape.
 */
export function loadWeights(network: SoundNetwork, file: string): NamedTensors {
  return loadSomeWeights(network, file, new Map())
}

/** As `loadWeights`; what the file lacks is as in `others`. */
export function loadSomeWeights(network: SoundNetwork, file: string, others: NamedTensors): NamedTensors {
  const { tensors } = readSafetensors(readBytes(file), file)
  try {
    return checkWeights(network, new Map([...others, ...tensors]))
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    const { kind, message, fix, params } = error
    throw new AppError(kind, `${file}: ${message}`, { fix, params: { ...params, file }, cause: error })
  }
}

function readBytes(file: string): Uint8Array {
  try {
    return readFileSync(file)
  } catch (error) {
    const { kind, message } = toWire(error)
    throw new AppError(
      kind,
      kind === 'not-found' ? `There is no file ${file}.` : `${file} cannot be read: ${message}`,
      {
        fix: 'Check the path.',
        params: { file },
        cause: error,
      },
    )
  }
}
