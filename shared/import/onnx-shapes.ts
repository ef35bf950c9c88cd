import { asImage } from '../network/shape'
import { interpolation } from '../ops/axis-maps'
import { numbers, type OnnxOp } from './onnx-op'

/** The batch comes first: 0, -1 or its size. `x.view(x.size(0), -1)` works out two sizes, which only flattens. */
export const reshape: OnnxOp = (place) => {
  const sizes = place.constant(1)
  if (!sizes) {
    if (place.sizes(1) !== 2) return null
    place.issue('shape-computed')
    return [{ kind: 'flatten', params: {} }]
  }
  const [batch, ...rest] = sizes.values
  if (rest.length === 1) return [{ kind: 'flatten', params: {} }]
  if (batch === -1 && rest.includes(-1)) return null
  return [{ kind: 'reshape', params: { shape: rest } }]
}

export const pad: OnnxOp = (place) => {
  const mode = place.node.attributes.get('mode')?.text ?? 'constant'
  const pads = place.constant(1)?.values ?? numbers(place, 'pads', [])
  const value = place.constant(2)?.values[0] ?? 0
  const [n0, c0, top, left, n1, c1, bottom, right] = pads
  if (mode !== 'constant' || value !== 0 || [n0, c0, n1, c1].some((side) => side !== 0)) return null
  return [{ kind: 'zero_pad2d', params: { top, left, bottom, right } }]
}

export const resize: OnnxOp = (place) => {
  const { node, shape } = place
  const old = node.op === 'Upsample'
  const mode = node.attributes.get('mode')?.text ?? 'nearest'
  const scales = place.constant(old ? 1 : 2)?.values ?? numbers(place, 'scales', [])
  const sizes = old ? undefined : place.constant(3)?.values
  const [height = 0, width = 0] = shape ?? []
  const size =
    sizes?.length === 4 || sizes?.length === 2
      ? [...sizes.slice(-2)]
      : [height * (scales[2] ?? 0), width * (scales[3] ?? 0)].map(Math.floor)
  const place2 = node.attributes.get('coordinate_transformation_mode')?.text ?? 'half_pixel'
  if (mode === 'nearest') {
    const rounding = node.attributes.get('nearest_mode')?.text ?? 'round_prefer_floor'
    const whole = [(size[0] ?? 0) / height, (size[1] ?? 0) / width].every(Number.isInteger)
    if (!old && !whole && (place2 !== 'asymmetric' || rounding !== 'floor')) return null
    return [{ kind: 'upsample', params: { size, mode } }]
  }
  const corners = place2 === 'align_corners'
  if (mode !== 'linear' || !(corners || /half_pixel$/.test(place2))) return null
  return [{ kind: 'upsample', params: { size, mode: 'bilinear', align_corners: corners } }]
}

/** Rows and columns that are copied, one after the other: a resizing by sizes that are no multiples. */
export const gatherPixels: OnnxOp = (place) => {
  const [image, rows, columns] = [place.shape && asImage(place.shape), place.constant(1), place.constant(2)]
  if (!image || !rows || !columns) return null
  const copies = (length: number, { values }: typeof rows) =>
    interpolation(length, values.length, 'nearest', false).every((row, at) => row[values[at] ?? -1] === 1)
  if (!copies(image.height, rows) || !copies(image.width, columns)) return null
  return [{ kind: 'upsample', params: { size: [rows.values.length, columns.values.length], mode: 'nearest' } }]
}
