import { poolWindows } from '../layers/params'
import { asImage } from '../network/shape'
import { averagingLayer } from './onnx-averages'
import { numbers, one, padding, pairOf, type OnnxLayer, type OnnxOp, type OnnxPlace } from './onnx-op'

export function pool(kind: 'max_pool2d' | 'avg_pool2d'): OnnxOp {
  return (place) => {
    const pads = padding(place)
    if (!pads) return null
    if (pads.before.length > 0 && kind === 'max_pool2d') return ceiledPool(place)
    if (pads.before.length > 0 && one(place, 'count_include_pad', 0) === 0) return null
    const params = {
      kernel_size: numbers(place, 'kernel_shape', []),
      stride: numbers(place, 'strides', [1, 1]),
      padding: pads.padding,
      ceil_mode: one(place, 'ceil_mode', 0) === 1,
    }
    const dilations = numbers(place, 'dilations', [1, 1])
    if (kind === 'max_pool2d') return [{ kind, params: { ...params, dilation: dilations } }]
    if (dilations.some((step) => step > 1)) return null
    return [
      ...pads.before,
      { kind, params: { ...params, count_include_pad: one(place, 'count_include_pad', 0) === 1 } },
    ]
  }
}

/** More rows below and to the right than above and to the left: what `ceil_mode` reaches for, where it is just that. */
function ceiledPool(place: OnnxPlace): OnnxLayer[] | null {
  const [top = 0, left = 0, bottom = 0, right = 0] = numbers(place, 'pads', [])
  const pool = {
    kernel_size: pairOf(place, 'kernel_shape', 0),
    stride: pairOf(place, 'strides', 1),
    padding: [top, left] as const,
    dilation: pairOf(place, 'dilations', 1),
    ceil_mode: true,
  }
  const image = place.shape && asImage(place.shape)
  if (!image || poolWindows(image, pool).excess.join() !== [bottom - top, right - left].join()) return null
  return [{ kind: 'max_pool2d', params: pool }]
}

export const reduceMean: OnnxOp = (place) => {
  const axes = [...(place.constant(1)?.values ?? numbers(place, 'axes', []))].map((axis) =>
    axis < 0 ? axis + 4 : axis,
  )
  if (axes.sort().join() !== '2,3' || place.shape?.length !== 3) return null
  return one(place, 'keepdims', 1) === 1 ? globalPool(place) : [{ kind: 'global_avg_pool', params: {} }]
}

export const globalPool: OnnxOp = () => [{ kind: 'adaptive_avg_pool2d', params: { output_size: [1, 1] } }]

/** `rows · picture · columns` by fixed matrices, for poolings that ONNX has no operator for. */
export const axisMaps: OnnxOp = (place) => {
  const [image, rows, columns] = [place.shape && asImage(place.shape), place.constant(1), place.constant(2)]
  const layer = image && rows && columns ? averagingLayer(image, rows, columns) : null
  return layer && [layer]
}
