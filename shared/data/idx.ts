import { AppError } from '../errors'
import type { LabelledImages } from './dataset'

/**
 * The IDX format of the MNIST database (LeCun et al. 1998): a magic number `00 00 08 <dimensions>` (08: unsigned bytes), one
 * big-endian 32-bit size for each dimension, then the bytes.
 */
export type IdxImages = Omit<LabelledImages, 'labels'>

/** Pictures `[count, height, width, 1]`, a view of `bytes`. Throws `data-corrupt` naming `source` and what is wrong. */
export function parseIdxImages(bytes: Uint8Array, source: string): IdxImages {
  const { sizes, values } = parseIdx(bytes, source, 3)
  const [count = 0, height = 0, width = 0] = sizes
  if (height === 0 || width === 0) throw corrupt(source, `its pictures are ${height} × ${width}`)
  return { count, shape: [height, width, 1], images: values }
}

/** Labels, a view of `bytes`. Throws `data-corrupt` also where one is not below `classes`. */
export function parseIdxLabels(bytes: Uint8Array, source: string, classes = 10): Uint8Array {
  const { values } = parseIdx(bytes, source, 1)
  const wrong = values.findIndex((label) => label >= classes)
  if (wrong >= 0) throw corrupt(source, `label ${wrong} is ${values[wrong]}, but there are ${classes} classes`)
  return values
}

/** Pictures with their labels; throws `data-corrupt` where their counts differ. */
export function joinIdx(
  images: { readonly bytes: Uint8Array; readonly source: string },
  labels: { readonly bytes: Uint8Array; readonly source: string },
  classes = 10,
): LabelledImages {
  const pictures = parseIdxImages(images.bytes, images.source)
  const parsed = parseIdxLabels(labels.bytes, labels.source, classes)
  if (parsed.length !== pictures.count) {
    throw corrupt(labels.source, `it has ${parsed.length} labels, but ${images.source} has ${pictures.count} pictures`)
  }
  return { ...pictures, labels: parsed }
}

function parseIdx(
  bytes: Uint8Array,
  source: string,
  dimensions: number,
): { sizes: readonly number[]; values: Uint8Array } {
  const headerLength = 4 + 4 * dimensions
  if (bytes.length < headerLength) throw corrupt(source, `it ends after ${bytes.length} bytes, within its header`)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const magic = view.getUint32(0)
  const wanted = 0x0800 + dimensions
  if (magic !== wanted) throw corrupt(source, `its magic number is ${hex(magic)}, not ${hex(wanted)}`)
  const sizes = Array.from({ length: dimensions }, (_, axis) => view.getUint32(4 + 4 * axis))
  const promised = sizes.reduce((product, size) => product * size, 1)
  const present = bytes.length - headerLength
  if (present < promised) throw corrupt(source, `it is cut off: ${promised} bytes are promised, ${present} are there`)
  if (present > promised) throw corrupt(source, `${present - promised} bytes follow after its end`)
  return { sizes, values: bytes.subarray(headerLength) }
}

function hex(value: number): string {
  return `0x${value.toString(16).padStart(8, '0')}`
}

function corrupt(source: string, what: string): AppError {
  return new AppError('data-corrupt', `The data file ${source} is damaged: ${what}.`, {
    fix: 'Delete it and get it again.',
    params: { source, detail: what },
  })
}
