import { elementCount } from '../../../shared/network/shape'
import { valuesOf, type Lens } from './lens'

/** Of each picture's logit of a class, by a layer's output: `[count, ...shape]`. */
export function logitGradient(
  { network, probe }: Lens,
  pictures: Float32Array,
  count: number,
  classIndex: number,
  layer: string,
): Float32Array {
  const classes = elementCount(network.output.shape)
  const seed = new Float32Array(count * classes)
  for (let at = classIndex; at < seed.length; at += classes) seed[at] = 1
  const question = { pictures, count, of: { layer: network.output.node.id, seed }, by: [layer] }
  return valuesOf(probe.gradients(question).gradients, layer).values
}
