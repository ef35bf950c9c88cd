import type { SoundNetwork } from '../../../shared/network/analyze'
import { consumersById } from '../../../shared/network/consumers'

/**
 * Biases that only BatchNorm reads, by PyTorch's names: it takes them away with the mean, so that their gradient is zero. The
 * engine knows that; PyTorch computes rounding noise, which Adam and its like turn into whole steps.
 */
export function idleBiases({ layers }: SoundNetwork): string[] {
  const consumers = consumersById(layers)
  return layers.flatMap(({ node, weights }) => {
    const readers = consumers.get(node.id) ?? []
    if (readers.length === 0 || !readers.every(({ kind }) => kind.kind === 'batch_norm2d')) return []
    return weights.filter(({ init }) => init.type === 'bias').map(({ name }) => `${node.id}.${name}`)
  })
}
