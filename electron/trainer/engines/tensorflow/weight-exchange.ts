import type { NamedTensor } from '../../../../shared/formats/tensors'
import { toEngine, toTorch } from '../weights/layout'
import type { WeightRef } from './program/program'

type Exchanged = Pick<WeightRef, 'spec' | 'rowsOf'>

/** A weight (or a slot of it) from PyTorch's layout to the graph's, as a fresh copy that TensorFlow may keep. */
export function intoGraph({ spec, rowsOf }: Exchanged, values: Float32Array): Float32Array {
  const turned = toEngine(spec, values)
  return rowsOf ? reorderRows(turned, rowsOf, 'into-graph') : turned
}

/** The reverse of `intoGraph`. */
export function outOfGraph({ spec, rowsOf }: Exchanged, values: Float32Array): NamedTensor {
  return toTorch(spec, rowsOf ? reorderRows(values, rowsOf, 'out-of-graph') : values)
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
