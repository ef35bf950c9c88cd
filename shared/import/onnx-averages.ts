import type { NamedTensor } from '../formats/tensors'
import { poolWindows } from '../layers/params'
import type { ImageShape } from '../network/shape'
import { adaptiveBins, averageWindows, type AxisMap } from '../ops/axis-maps'
import type { OnnxLayer } from './onnx-op'

/** The settings of AvgPool2d that two axes have in common. */
const modes = [true, false].flatMap((ceil) => [true, false].map((counts) => ({ ceil, counts })))
type Mode = (typeof modes)[number]

interface Window {
  readonly kernel: number
  readonly stride: number
  readonly padding: number
}

/**
 * The pooling whose means two fixed matrices compute: `rows` `[out, in]` from the left, `columns` `[in, out]` from the right.
 * Null where they compute something else.
 */
export function averagingLayer(image: ImageShape, rows: NamedTensor, columns: NamedTensor): OnnxLayer | null {
  const down = matrixOf(rows)
  const across = transposed(matrixOf(columns))
  if (down[0]?.length !== image.height || across[0]?.length !== image.width) return null
  const bins = [adaptiveBins(image.height, down.length), adaptiveBins(image.width, across.length)]
  if (alike(down, bins[0]) && alike(across, bins[1])) {
    return { kind: 'adaptive_avg_pool2d', params: { output_size: [down.length, across.length] } }
  }
  for (const mode of modes) {
    const [vertical, horizontal] = [windowOf(down, mode), windowOf(across, mode)]
    if (vertical === null || horizontal === null) continue
    const params = {
      kernel_size: [vertical.kernel, horizontal.kernel],
      stride: [vertical.stride, horizontal.stride],
      padding: [vertical.padding, horizontal.padding],
      ceil_mode: mode.ceil,
      count_include_pad: mode.counts,
    }
    return { kind: 'avg_pool2d', params }
  }
  return null
}

/** The smallest window along one axis whose means are these; edges cut windows, so that several may be. */
function windowOf(map: AxisMap, mode: Mode): Window | null {
  const size = map[0]?.length ?? 0
  const starts = map.map((row) => row.findIndex((value) => value !== 0))
  const ends = map.map((row) => row.findLastIndex((value) => value !== 0) + 1)
  const longest = Math.max(...starts.map((start, at) => (ends[at] ?? 0) - start))
  const steps = [starts, ends].flatMap((places) => places.slice(1).map((place, at) => place - (places[at] ?? 0)))
  for (let kernel = longest; kernel <= 2 * size; kernel++) {
    const strides = new Set(steps.length > 0 ? steps.filter((step) => step > 0) : [kernel, size + kernel])
    for (let padding = 0; padding <= kernel / 2; padding++) {
      for (const stride of strides) {
        if (alike(map, windows(size, { kernel, stride, padding }, mode))) return { kernel, stride, padding }
      }
    }
  }
  return null
}

function windows(size: number, { kernel, stride, padding }: Window, { ceil, counts }: Mode): AxisMap {
  const pool = {
    kernel_size: [kernel, kernel],
    stride: [stride, stride],
    padding: [padding, padding],
    dilation: [1, 1],
    ceil_mode: ceil,
  } as const
  const { excess } = poolWindows({ height: size, width: size, channels: 1 }, pool)
  return averageWindows(size, 0, {
    kernel: pool.kernel_size,
    stride: pool.stride,
    padding: { top: padding, bottom: padding, left: padding, right: padding },
    excess,
    countPadding: counts,
  })
}

/** But for rounding to 32 bits. */
function alike(a: AxisMap, b: AxisMap | undefined): boolean {
  if (a.length !== b?.length) return false
  return a.every((row, at) => row.every((value, place) => Math.abs(value - (b[at]?.[place] ?? NaN)) < 1e-6))
}

function matrixOf({ shape: [rows = 0, columns = 0], values }: NamedTensor): AxisMap {
  return Array.from({ length: rows }, (_, at) => [...values.slice(at * columns, (at + 1) * columns)])
}

function transposed(map: AxisMap): AxisMap {
  return (map[0] ?? []).map((_, column) => map.map((row) => row[column] ?? 0))
}
