import type { LabelledImages } from '../../../shared/data/dataset'
import type { SoundNetwork } from '../../../shared/network/analyze'
import { elementCount } from '../../../shared/network/shape'
import { normalise } from '../engines/pictures'

/** Float32 values of all layers together that one slice may hold: 128 MB. */
const mostValues = 32e6
const mostPictures = 512
/** How long a slice should take: others wait for its end. */
const [short, long] = [40, 120]

/** Pictures `first` up to `first + count`, as they enter the network. */
export function batchOf({ images, shape }: LabelledImages, first: number, count: number): Float32Array {
  const size = elementCount(shape)
  return normalise(images.subarray(first * size, (first + count) * size))
}

/** How many pictures go into a slice, so that it is neither large nor long. */
export interface Pace {
  readonly pictures: number
  /** What a slice of so many pictures took. */
  took(milliseconds: number, pictures: number): void
}

/** `perPicture`: network passes that one picture takes. */
export function createPace(network: SoundNetwork, perPicture = 1): Pace {
  const values = network.layers.reduce((sum, { shape }) => sum + elementCount(shape), 0) * perPicture
  const most = Math.max(1, Math.min(mostPictures, Math.floor(mostValues / values)))
  let pictures = Math.min(16, most)
  return {
    get pictures() {
      return pictures
    },
    took(milliseconds, count) {
      // The last slice of all may be smaller, and says nothing.
      if (count < pictures) return
      if (milliseconds < short) pictures = Math.min(most, pictures * 2)
      else if (milliseconds > long) pictures = Math.max(1, Math.floor(pictures / 2))
    },
  }
}

/** Does `work` on `total` pictures, slice by slice; gives how many are done after each. */
export function* inSlices(
  total: number,
  pace: Pace,
  work: (first: number, count: number) => void,
): Generator<number, void, undefined> {
  for (let first = 0; first < total;) {
    const count = Math.min(pace.pictures, total - first)
    const begun = performance.now()
    work(first, count)
    pace.took(performance.now() - begun, count)
    first += count
    yield first
  }
}
