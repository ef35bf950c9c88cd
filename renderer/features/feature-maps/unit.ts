import type { ReceptiveField } from '../../../shared/network/receptive-field'

/** One value of a layer's output. */
export interface Unit {
  readonly layer: string
  readonly channel: number
  readonly row: number
  readonly column: number
}

/** A rectangle of pixels; may reach over the picture's edges, into the padding. */
export interface Window {
  readonly top: number
  readonly left: number
  readonly height: number
  readonly width: number
}

/** The pixels of the picture that a unit sees. */
export function windowOf(
  field: ReceptiveField,
  unit: Pick<Unit, 'row' | 'column'>,
  picture: { readonly height: number; readonly width: number },
): Window {
  if (field.whole && field.jump[0] === 0) return { top: 0, left: 0, height: picture.height, width: picture.width }
  return {
    // Where a layer enlarges, several units begin at one pixel.
    top: Math.floor(unit.row * field.jump[0] + field.offset[0]),
    left: Math.floor(unit.column * field.jump[1] + field.offset[1]),
    height: field.size[0],
    width: field.size[1],
  }
}
