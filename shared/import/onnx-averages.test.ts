import { describe, expect, it } from 'vitest'
import avgPool from '../layers/kinds/avg-pool2d'
import adaptivePool from '../layers/kinds/adaptive-avg-pool2d'
import type { NamedTensor } from '../formats/tensors'
import { adaptiveBins, averageWindows, type AxisMap } from '../ops/axis-maps'
import { poolWindows } from '../layers/params'
import { averagingLayer } from './onnx-averages'

const image = { height: 9, width: 7, channels: 2 }

function rowsOf(map: AxisMap): NamedTensor {
  return { shape: [map.length, map[0]?.length ?? 0], values: Float32Array.from(map.flat()) }
}

function columnsOf(map: AxisMap): NamedTensor {
  const [outputs, inputs] = [map.length, map[0]?.length ?? 0]
  const values = Float32Array.from(
    { length: outputs * inputs },
    (_, at) => map[at % outputs]?.[Math.floor(at / outputs)] ?? 0,
  )
  return { shape: [inputs, outputs], values }
}

/** The two matrices that AvgPool2d is, by its settings. */
function mapsOf(params: Record<string, unknown>): [AxisMap, AxisMap] {
  const p = avgPool.params.parse(params)
  const [top, left] = p.padding
  const options = {
    kernel: p.kernel_size,
    stride: p.stride,
    padding: { top, bottom: top, left, right: left },
    excess: poolWindows(image, { ...p, dilation: [1, 1] }).excess,
    countPadding: p.count_include_pad,
  }
  return [averageWindows(image.height, 0, options), averageWindows(image.width, 1, options)]
}

describe('averagingLayer', () => {
  const settings = [true, false].flatMap((ceil_mode) =>
    [true, false].flatMap((count_include_pad) =>
      [
        { kernel_size: [2, 3], stride: [2, 2], padding: [0, 0] },
        { kernel_size: [3, 2], stride: [2, 3], padding: [1, 1] },
        { kernel_size: [4, 4], stride: [3, 1], padding: [2, 0] },
        { kernel_size: [5, 3], stride: [4, 4], padding: [2, 1] },
        { kernel_size: [9, 7], stride: [1, 1], padding: [4, 3] },
      ].map((window) => ({ ...window, ceil_mode, count_include_pad })),
    ),
  )

  it.each(settings)('finds settings that compute the same means: %o', (params) => {
    const [rows, columns] = mapsOf(params)
    const found = averagingLayer(image, rowsOf(rows), columnsOf(columns))
    if (found?.kind === 'adaptive_avg_pool2d') {
      const [down, across] = adaptivePool.params.parse(found.params).output_size
      expect([adaptiveBins(image.height, down), adaptiveBins(image.width, across)]).toEqual([rows, columns])
    } else {
      expect(found?.kind).toBe('avg_pool2d')
      expect(mapsOf(found?.params ?? {})).toEqual([rows, columns])
    }
  })

  it('finds bins of unequal size', () => {
    const maps = [adaptiveBins(9, 4), adaptiveBins(7, 5)] as const
    expect(averagingLayer(image, rowsOf(maps[0]), columnsOf(maps[1]))).toEqual({
      kind: 'adaptive_avg_pool2d',
      params: { output_size: [4, 5] },
    })
  })

  it('takes no other matrices for a pooling', () => {
    const rows = rowsOf(adaptiveBins(9, 4))
    const columns = columnsOf(adaptiveBins(7, 5))
    const changed = { ...rows, values: rows.values.map((value, at) => (at === 1 ? value + 0.01 : value)) }
    expect(averagingLayer(image, changed, columns)).toBeNull()
    expect(averagingLayer({ ...image, width: 8 }, rows, columns)).toBeNull()
    expect(averagingLayer(image, rows, { shape: [7, 2], values: new Float32Array(14) })).toBeNull()
  })
})
