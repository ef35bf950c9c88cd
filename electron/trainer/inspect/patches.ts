import type { LabelledImages } from '../../../shared/data/dataset'
import type { Patch } from '../../../shared/inspect/answers'
import type { SoundNetwork } from '../../../shared/network/analyze'
import { receptiveFields } from '../../../shared/network/receptive-field'
import type { Ranked } from './ranking'

/** Turns a place of a layer's map into the part of the picture that it sees, in whole pixels. */
export function patchesOf(network: SoundNetwork, layer: string, mapWidth: number, images: LabelledImages) {
  const field = receptiveFields(network).get(layer)
  if (!field) throw new RangeError(`no receptive field of ${layer}`)
  const [height, width] = field.size.map((size) => Math.ceil(size))
  return function patchOf({ index, score, place }: Ranked): Patch {
    const row = Math.floor(place / mapWidth)
    const column = place % mapWidth
    const window = {
      top: Math.floor(row * field.jump[0] + field.offset[0]),
      left: Math.floor(column * field.jump[1] + field.offset[1]),
      height: height ?? 1,
      width: width ?? 1,
    }
    return { index, label: images.labels[index] ?? 0, score, row, column, window }
  }
}
