import type { SoundNetwork } from '../../shared/network/analyze'
import type { Kernels } from '../../shared/training/messages'
import type { CompiledNetwork } from './engines/engine'

/** The layer whose kernels are shown while it trains: the first convolution; null where there is none. */
export function firstConvolution(network: SoundNetwork): string | null {
  return network.layers.find(({ weights }) => hasKernels(weights))?.node.id ?? null
}

/** `[out, in, kh, kw]`; null where the layer does not exist or has no kernels. */
export function readKernels(network: SoundNetwork, compiled: CompiledNetwork, layer: string): Kernels | null {
  const weights = network.byId.get(layer)?.weights ?? []
  if (!hasKernels(weights)) return null
  return { layer, ...compiled.getWeight(`${layer}.weight`) }
}

function hasKernels(weights: SoundNetwork['input']['weights']): boolean {
  return weights.some(({ name, layout }) => name === 'weight' && layout === 'conv')
}
