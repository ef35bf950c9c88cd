import type { AttributionAnswer } from '../../../../shared/inspect/answers'
import { elementCount } from '../../../../shared/network/shape'
import { normalise } from '../../engines/pictures'
import { choosePicture, valuesOf, type Lens, type Looking } from '../lens'
import { createPace, inSlices } from '../pictures'
import type { Attribution, AttributionQuery } from './attribution'

/** The square's pixels: neither dark nor bright. */
const grey = 128

/**
 * How far the class's logit falls where a grey square covers the picture: for each pixel the mean over all squares that
 * cover it; 0 where none does. Zeiler and Fergus 2014.
 */
export function* occlusion(
  lens: Lens,
  query: AttributionQuery,
  complete: (found: Attribution) => AttributionAnswer,
): Looking<AttributionAnswer> {
  const { network, probe } = lens
  const [height = 1, width = 1, channels = 1] = network.input.shape
  const classes = elementCount(network.output.shape)
  const output = network.output.node.id
  const { values } = choosePicture(lens, query.picture)
  const [covering = 0] = normalise(Uint8Array.of(grey))
  const rows = squaresAlong(height, query.patch, query.stride)
  const columns = squaresAlong(width, query.patch, query.stride)
  const total = rows.length * columns.length
  const sums = new Float64Array(height * width)
  const covers = new Uint32Array(height * width)
  const whole = logitsOf(values, 1)[0] ?? NaN

  function logitsOf(pictures: Float32Array, count: number): Float64Array {
    const logits = valuesOf(probe.activations(pictures, count, [output]), output).values
    return Float64Array.from({ length: count }, (_, at) => logits[at * classes + query.class] ?? NaN)
  }

  function eachPixel(square: number, visit: (place: number) => void): void {
    const top = rows[Math.floor(square / columns.length)] ?? 0
    const left = columns[square % columns.length] ?? 0
    for (let y = top; y < Math.min(top + query.patch, height); y++) {
      for (let x = left; x < Math.min(left + query.patch, width); x++) visit(y * width + x)
    }
  }

  function coverAll(first: number, count: number): void {
    const pictures = new Float32Array(count * values.length)
    for (let at = 0; at < count; at++) {
      const start = at * values.length
      pictures.set(values, start)
      eachPixel(first + at, (place) => {
        pictures.fill(covering, start + place * channels, start + (place + 1) * channels)
      })
    }
    logitsOf(pictures, count).forEach((logit, at) => {
      eachPixel(first + at, (place) => {
        sums[place]! += whole - logit
        covers[place]! += 1
      })
    })
  }

  function found(): AttributionAnswer {
    const means = Float32Array.from(sums, (sum, place) => (covers[place] ? sum / covers[place] : 0))
    return complete({ height, width, values: means, layer: null, baselineLogit: null })
  }

  for (const done of inSlices(total, createPace(network), coverAll)) yield { done, total, partial: found }
  return found()
}

/** Where squares begin along an axis: every `stride`, and one that ends with the picture. */
function squaresAlong(size: number, patch: number, stride: number): number[] {
  const last = Math.max(0, size - patch)
  const starts: number[] = []
  for (let start = 0; start < last; start += stride) starts.push(start)
  return [...starts, last]
}
