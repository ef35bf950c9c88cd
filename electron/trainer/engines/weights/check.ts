import { AppError } from '../../../../shared/errors'
import type { NamedTensor, NamedTensors } from '../../../../shared/formats/tensors'
import type { SoundNetwork } from '../../../../shared/network/analyze'
import { formatShape } from '../../../../shared/network/shape'
import { networkWeights } from './names'

/** PyTorch's BatchNorm counts its batches; nothing of ours reads that. */
const ignored = '.num_batches_tracked'

/**
 * The weights of the network out of `given`, in the network's order. Throws `invalid-input` that names every weight that
 * is missing, has another shape, or belongs to no layer.
 */
export function checkWeights(network: SoundNetwork, given: NamedTensors): NamedTensors {
  const expected = new Map(networkWeights(network).map((weight) => [weight.name, weight.spec.shape]))
  const relevant = new Map([...given].filter(([name]) => !name.endsWith(ignored)))
  return checkTensors('weights', expected, relevant)
}

/** As `checkWeights`, for any set of tensors; `what` names the set in the error. */
export function checkTensors(
  what: string,
  expected: ReadonlyMap<string, readonly number[]>,
  given: NamedTensors,
): NamedTensors {
  const problems: string[] = []
  const found = new Map<string, NamedTensor>()
  for (const [name, shape] of expected) {
    const tensor = given.get(name)
    if (!tensor) problems.push(`"${name}" is missing`)
    else if (tensor.shape.join() !== shape.join()) {
      problems.push(`"${name}" is ${written(tensor.shape)} in place of ${written(shape)}`)
    } else found.set(name, tensor)
  }
  for (const name of given.keys()) if (!expected.has(name)) problems.push(`"${name}" belongs to no layer`)
  if (problems.length === 0) return found
  const shown = problems.slice(0, 5).join('; ') + (problems.length > 5 ? `; and ${problems.length - 5} more` : '')
  throw new AppError('invalid-input', `The ${what} do not fit the network: ${shown}.`, {
    fix: 'Choose a file that was saved for this network.',
    params: { problems: shown },
  })
}

function written(shape: readonly number[]): string {
  return shape.length === 0 ? 'a single number' : formatShape(shape)
}
