import type { NamedTensor } from '../../shared/formats/tensors'
import type { WeightSpec } from '../../shared/layers/define'
import type { AnalyzedLayer, SoundNetwork } from '../../shared/network/analyze'
import type { Kernels } from '../../shared/training/messages'

/** The layer whose kernels are shown while it trains: the first convolution; null where there is none. */
export function firstConvolution(network: SoundNetwork): string | null {
  return network.layers.find((layer) => kernelSpec(layer))?.node.id ?? null
}

/**
 * A convolution's kernels, `[out, in/groups, kh, kw]`: a separable one's depthwise kernels, and a transposed one's turned
 * into that order. Null where the layer does not exist or has none. `weight` reads a weight by its name.
 */
export function readKernels(
  network: SoundNetwork,
  weight: (name: string) => NamedTensor,
  layer: string,
): Kernels | null {
  const found = network.byId.get(layer)
  const spec = found && kernelSpec(found)
  if (!spec) return null
  const tensor = weight(`${layer}.${spec.name}`)
  const { groups } = found.params as { readonly groups?: number }
  return { layer, ...(spec.layout === 'conv_transpose' ? outputsFirst(tensor, groups ?? 1) : tensor) }
}

function kernelSpec({ weights }: AnalyzedLayer): WeightSpec | undefined {
  return weights.find(({ layout }) => layout === 'conv' || layout === 'conv_transpose')
}

/** `[in, out/groups, kh, kw]` to `[out, in/groups, kh, kw]`. */
function outputsFirst({ shape, values }: NamedTensor, groups: number): NamedTensor {
  const [inputs = 1, outputsPerGroup = 1, height = 1, width = 1] = shape
  const [inputsPerGroup, size] = [inputs / groups, height * width]
  const turned = new Float32Array(values.length)
  for (let input = 0; input < inputs; input++) {
    const group = Math.floor(input / inputsPerGroup)
    for (let output = 0; output < outputsPerGroup; output++) {
      const from = (input * outputsPerGroup + output) * size
      const row = group * outputsPerGroup + output
      turned.set(values.subarray(from, from + size), (row * inputsPerGroup + (input % inputsPerGroup)) * size)
    }
  }
  return { shape: [outputsPerGroup * groups, inputsPerGroup, height, width], values: turned }
}
