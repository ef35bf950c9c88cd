import type { LabelledImages } from '../../../shared/data/dataset'
import type { MaximiseAnswer } from '../../../shared/inspect/answers'
import type { Point } from '../../lib/decimate'

/** The picture as a batch of one, without a label. */
export function toPicture({ shape, values }: MaximiseAnswer): LabelledImages {
  const [height = 1, width = 1, channels = 1] = shape
  const images = new Uint8Array(Uint8ClampedArray.from(values, (value) => value * 255).buffer)
  return { count: 1, shape: [height, width, channels], images, labels: new Uint8Array(1) }
}

/** The activation before each iteration and at the end. */
export function curvePoints({ history }: MaximiseAnswer): Point[] {
  return Array.from(history, (y, x) => ({ x, y }))
}
