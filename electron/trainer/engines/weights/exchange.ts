import { AppError } from '../../../../shared/errors'
import type { NamedTensor, NamedTensors } from '../../../../shared/formats/tensors'
import type { WeightSpec } from '../../../../shared/layers/define'
import type { SoundNetwork } from '../../../../shared/network/analyze'
import type { EngineWeight } from '../../../../shared/training/messages'
import { toEngine, toTorch } from './layout'
import { networkWeights } from './names'

interface Exchanged {
  readonly spec: Pick<WeightSpec, 'layout' | 'shape'>
  readonly rowsOf: EngineWeight['rowsOf']
}

/** A weight (or a slot of it) from PyTorch's layout to the graph's, as a fresh copy that TensorFlow may keep. */
export function intoGraph({ spec, rowsOf }: Exchanged, values: Float32Array): Float32Array {
  const turned = toEngine(spec, values)
  return rowsOf ? reorderRows(turned, rowsOf, 'into-graph') : turned
}

/** The reverse of `intoGraph`. */
export function outOfGraph({ spec, rowsOf }: Exchanged, values: Float32Array): NamedTensor {
  return toTorch(spec, rowsOf ? reorderRows(values, rowsOf, 'out-of-graph') : values)
}

/** What an engine's `takeWeights` gave, in PyTorch's layouts. */
export function fromEngineWeights(network: SoundNetwork, given: readonly EngineWeight[]): NamedTensors {
  const specs = new Map(networkWeights(network).map(({ name, spec }) => [name, spec]))
  return new Map(
    given.map(({ name, values, rowsOf }) => {
      const spec = specs.get(name)
      if (!spec) throw new AppError('internal', `the network has no weight "${name}"`)
      return [name, outOfGraph({ spec, rowsOf }, values)]
    }),
  )
}

/** PyTorch numbers a flattened picture channel, row, column; the graph numbers it row, column, channel. */
function reorderRows(
  matrix: Float32Array,
  [height, width, channels]: readonly [number, number, number],
  direction: 'into-graph' | 'out-of-graph',
): Float32Array {
  const positions = height * width
  const columns = matrix.length / (positions * channels)
  const reordered = new Float32Array(matrix.length)
  for (let position = 0; position < positions; position++) {
    for (let channel = 0; channel < channels; channel++) {
      const ours = position * channels + channel
      const theirs = channel * positions + position
      const [from, to] = direction === 'into-graph' ? [theirs, ours] : [ours, theirs]
      reordered.set(matrix.subarray(from * columns, (from + 1) * columns), to * columns)
    }
  }
  return reordered
}
