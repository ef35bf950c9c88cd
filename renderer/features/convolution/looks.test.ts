import { describe, expect, it } from 'vitest'
import { placeOf } from '../../../shared/convolution/case'
import { classicCase } from '../../../shared/convolution/classic'
import { mapRow } from '../../../shared/convolution/linear-map'
import { randomCase } from '../../../shared/convolution/make'
import { settingsOf } from '../../../shared/convolution/settings'
import { filterChannelOf, gradientName, originOf, scopeRange } from './backward-look'
import { heatPixels, signedScale } from './heat'
import { mappingPart } from './mapping-part'
import { fieldGeometry, matchBox, ownGeometry, placeUnder, windowBox } from './match-geometry'
import { matrixLayout } from './matrix-layout'
import { filterSheet, inputSheet, isTouched, outputSheet, paddedSize, valueIn, windowFrame } from './sheet'
import { stageLayout } from './stage-layout'

const classic = classicCase()
const dilated = randomCase(
  { ...settingsOf(classic), height: 9, width: 8, kernel: [3, 2], dilation: [2, 3], stride: [1, 2] },
  'integers',
  1,
)

describe('sheets', () => {
  it('are the channels of a volume, with their padding around', () => {
    const sheet = inputSheet(classic, 1)
    expect(paddedSize(sheet)).toEqual({ rows: 7, columns: 7 })
    expect([valueIn(sheet, 0, 0), valueIn(sheet, 1, 1), valueIn(sheet, 5, 4)]).toEqual([null, 1, 1])
    expect(Array.from(filterSheet(classic, 1, 2).values)).toEqual([0, 0, 1, -1, 0, 1, 1, 1, -1])
    const counted = Float64Array.from({ length: 18 }, (_, i) => i)
    expect(outputSheet(classic, 1, counted).values[0]).toBe(9)
  })

  it('know what the window touches of them', () => {
    expect(windowFrame(classic, { row: 1, column: 2 })).toEqual({ row: 2, column: 4, height: 3, width: 3 })
    const frame = windowFrame(dilated, { row: 1, column: 1 })
    expect(frame).toEqual({ row: 1, column: 2, height: 5, width: 4 })
    const touched = [1, 2, 3, 4, 5].map((row) => isTouched(dilated, frame, row, 2))
    expect(touched).toEqual([true, false, true, false, true])
    expect([2, 3, 4, 5, 6].map((column) => isTouched(dilated, frame, 1, column))).toEqual([
      true,
      false,
      false,
      true,
      false,
    ])
  })
})

describe('stageLayout', () => {
  // What a window of 1280 × 800 leaves.
  const stage = { width: 880, height: 573 }

  it('shows the classic case whole, in numbers and with its factors', () => {
    const layout = stageLayout(classic, stage, 2)
    expect(layout).toMatchObject({ type: 'numbers', factors: true, allFilters: true, perPage: 3 })
    expect(layout.cell.height).toBeGreaterThanOrEqual(17)
    expect(stageLayout(classic, { width: 1500, height: 840 }, 2).cell.height).toBeGreaterThan(layout.cell.height)
  })

  it('colours what is large, and pages through its channels', () => {
    const settings = { ...settingsOf(classic), height: 24, width: 24, channels: 25, filters: 50 }
    const layout = stageLayout(randomCase(settings, 'decimals', 1), stage, 5)
    expect(layout).toMatchObject({ type: 'heat', kernelNumbers: true, allFilters: false, perPage: 8 })
    expect(layout.inputSide * 26).toBeLessThanOrEqual(300)
  })

  it('shows one filter at a time where all have no room', () => {
    const many = randomCase({ ...settingsOf(classic), filters: 6 }, 'integers', 1)
    expect(stageLayout(many, { width: 640, height: 560 }, 2).allFilters).toBe(false)
    expect(stageLayout(many, { width: 1400, height: 560 }, 2).allFilters).toBe(true)
  })
})

describe('matrixLayout', () => {
  it('gives the three matrices sides that fit each other', () => {
    const small = matrixLayout({ filters: 2, taps: 27, places: 9 }, { width: 880, height: 560 }, 2)
    expect(small.numbers).toBe(true)
    const large = matrixLayout({ filters: 50, taps: 225, places: 121 }, { width: 880, height: 560 }, 5)
    expect(large.numbers).toBe(false)
    expect(large.columns.width).toBe(large.output.width)
    expect(large.kernel.height).toBe(large.output.height)
    expect(large.kernel.width * 225 + large.output.width * 121).toBeLessThanOrEqual(880)
  })
})

describe('the backward step', () => {
  const ones = new Float64Array(18).fill(1)

  it('counts one output, those before it, or all', () => {
    expect(scopeRange('one', 4, 18)).toEqual([4, 5])
    expect(scopeRange('soFar', 4, 18)).toEqual([0, 5])
    expect(scopeRange('all', 4, 18)).toEqual([0, 18])
  })

  it('says which outputs, weights and inputs make a gradient', () => {
    const centre = originOf(classic, ones, { tensor: 'kernel', index: 4 }, [0, 18])
    expect(centre.total).toBe(10)
    expect([...centre.outputs]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8])
    expect([...centre.inputs]).toEqual([0, 2, 4, 10, 12, 14, 20, 22, 24])
    const pixel = originOf(classic, ones, { tensor: 'input', index: 12 }, [0, 9])
    expect([pixel.total, [...pixel.kernels], [...pixel.outputs]]).toEqual([1, [4], [4]])
    expect(gradientName(classic, pixel.by)).toBe('dx[2, 2, 0]')
    expect(gradientName(classic, { tensor: 'kernel', index: 27 + 9 + 5 })).toBe('dw1[1, 2, 1]')
  })

  it('leaves out the channels of other groups', () => {
    const grouped = randomCase({ ...settingsOf(classic), channels: 4, groups: 2 }, 'integers', 1)
    expect([0, 1, 2, 3].map((channel) => filterChannelOf(grouped, 1, channel))).toEqual([null, null, 0, 1])
  })
})

describe('mappingPart', () => {
  it('is the whole matrix of the classic case', () => {
    const part = mappingPart(classic, placeOf(classic, 4), 0)
    expect([part.matrix.rows, part.matrix.columns, part.firstRow, part.firstColumn]).toEqual([18, 75, 0, 0])
    // The middle's window lies inside the picture: all of the filter's 16 weights are there.
    const middle = part.matrix.values.subarray(4 * 75, 5 * 75)
    expect(middle.filter((weight) => weight !== 0)).toHaveLength(16)
    expect(middle).toEqual(mapRow(classic, placeOf(classic, 4)))
  })

  it('is one map, or one row of it, over one channel where the matrix is large', () => {
    const settings = { ...settingsOf(classic), height: 24, width: 24, stride: [1, 1] as [number, number] }
    const of = randomCase(settings, 'decimals', 1)
    const part = mappingPart(of, { filter: 1, row: 3, column: 5 }, 2)
    expect(part).toMatchObject({ firstRow: 576 + 72, firstColumn: 1152, rows: 1152, columns: 1728 })
    expect([part.matrix.rows, part.matrix.columns]).toEqual([24, 576])
  })
})

describe('matching over a picture', () => {
  it('colours the middle of each window and finds it again', () => {
    const own = ownGeometry(classic)
    expect(windowBox(own, 0, 0)).toEqual({ x: -1, y: -1, width: 3, height: 3 })
    expect(matchBox(own, 1, 1)).toEqual({ x: 1.5, y: 1.5, width: 2, height: 2 })
    expect(placeUnder(own, classic, 2.5, 3.6)).toEqual({ row: 2, column: 1 })
    expect(placeUnder(own, classic, 30, 0)).toBeNull()
  })

  it('reaches through the layers before to the picture itself', () => {
    const field = { size: [8, 8], jump: [2, 2], offset: [0, 0], whole: false } as const
    expect(windowBox(fieldGeometry(field, [28, 28]), 10, 1)).toEqual({ x: 2, y: 20, width: 8, height: 8 })
  })
})

describe('heatPixels', () => {
  const table = Uint8ClampedArray.from({ length: 1024 }, (_, i) => Math.floor(i / 4))
  const first = (pixels: Uint8ClampedArray) => Array.from(pixels).filter((_, i) => i % 4 === 0)

  it('paints from the lowest to the highest, or around zero', () => {
    const values = Float64Array.of(-2, 0, 2)
    expect(first(heatPixels(values, { type: 'range', low: -2, high: 2 }, table))).toEqual([0, 128, 255])
    expect(first(heatPixels(values, signedScale(Float64Array.of(-4, 1)), table))).toEqual([64, 128, 191])
    expect(first(heatPixels(values, { type: 'range', low: 1, high: 1 }, table))).toEqual([0, 0, 0])
  })
})
