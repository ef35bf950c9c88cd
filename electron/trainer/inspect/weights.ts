import { AppError } from '../../../shared/errors'
import type { NamedTensor, NamedTensors } from '../../../shared/formats/tensors'

export function weightOf(weights: NamedTensors, name: string): NamedTensor {
  const weight = weights.get(name)
  if (!weight) throw new AppError('internal', `no weight "${name}"`)
  return weight
}
