import { AppError } from '../../../../shared/errors'
import type { KernelsAnswer } from '../../../../shared/inspect/answers'
import type { QueryOf } from '../../../../shared/inspect/queries'
import { readKernels } from '../../kernels'
import { requireLayer, type Lens } from '../lens'
import { weightOf } from '../weights'

/** Throws `invalid-input` for a layer that is no convolution. */
export function kernels(lens: Pick<Lens, 'network' | 'weights'>, { layer }: QueryOf<'kernels'>): KernelsAnswer {
  requireLayer(lens, layer)
  const found = readKernels(lens.network, (name) => weightOf(lens.weights, name), layer)
  if (found) return { ...found, values: found.values.slice() }
  throw new AppError('invalid-input', `The layer "${layer}" has no kernels.`, {
    fix: 'Choose a convolution.',
    params: { layer },
  })
}
