import { describe, expect, it } from 'vitest'
import { backward, contributions } from './backward'
import { channelsOf, indexOf, outputCount, placeOf } from './case'
import { classicCase } from './classic'
import { convolve, outputAt } from './forward'
import { windowColumns } from './im2col'
import { mapRow } from './linear-map'
import { similarityAt } from './matching'
import { randomCase } from './make'
import { settingsOf } from './settings'

const classic = classicCase()

describe('the classic case', () => {
  it('has 18 outputs of 27 products', () => {
    expect(outputCount(classic)).toBe(18)
    expect(Array.from({ length: 18 }, (_, index) => indexOf(classic, placeOf(classic, index)))).toEqual(
      Array.from({ length: 18 }, (_, index) => index),
    )
    expect(outputAt(classic, placeOf(classic, 17))).toMatchObject({ filter: 1, row: 2, column: 2 })
  })

  it('adds up its first output as one does by hand', () => {
    const first = outputAt(classic, { filter: 0, row: 0, column: 0 })
    // The first row and column of each window lie in the padding.
    expect(first.terms.slice(0, 9).map(({ inputIndex }) => inputIndex)).toEqual([-1, -1, -1, -1, 0, 1, -1, 5, 6])
    expect(first.terms.slice(0, 9).map(({ product }) => product)).toEqual([0, 0, 0, 0, 0, 0, 0, -2, 0])
    expect(first.terms[7]).toMatchObject({ row: 1, column: 0, value: 2, weight: -1, product: -2, running: -2 })
    expect(first.channelSums).toEqual([-2, 0, 3])
    expect([first.sum, first.bias, first.result]).toEqual([1, 1, 2])
  })

  it('never writes a zero as −0', () => {
    for (let index = 0; index < 18; index++) {
      for (const { product, running } of outputAt(classic, placeOf(classic, index)).terms) {
        expect(Object.is(product, -0) || Object.is(running, -0)).toBe(false)
      }
    }
  })

  it('lays a window out as a column, with its padding marked', () => {
    const { rows, columns, values, padded } = windowColumns(classic)
    expect([rows, columns]).toEqual([27, 9])
    const first = Array.from({ length: 9 }, (_, row) => [values[row * 9], padded[row * 9]])
    expect(first.map(([value]) => value)).toEqual([0, 0, 0, 0, 0, 1, 0, 2, 0])
    expect(first.map(([, isPadded]) => isPadded)).toEqual([1, 1, 1, 1, 0, 0, 1, 0, 0])
  })

  it('puts the kernel into a row of zeros', () => {
    const row = mapRow(classic, { filter: 0, row: 1, column: 1 })
    expect(Array.from(row.subarray(0, 25))).toEqual([
      ...[0, 0, 0, 0, 0],
      ...[0, -1, 0, 1, 0],
      ...[0, 1, 1, 0, 0],
      ...[0, 0, -1, 1, 0],
      ...[0, 0, 0, 0, 0],
    ])
  })

  it('passes the gradient of one output to its window, its filter and its bias only', () => {
    const ones = new Float64Array(18).fill(1)
    const place = { filter: 1, row: 1, column: 1 }
    const at = indexOf(classic, place)
    const { input, kernel, bias } = backward(classic, ones, at, at + 1)
    expect(input).toEqual(mapRow(classic, place))
    expect(kernel.subarray(0, 27)).toEqual(new Float64Array(27))
    expect(Array.from(kernel.subarray(27))).toEqual(outputAt(classic, place).terms.map(({ value }) => value))
    expect(Array.from(bias)).toEqual([0, 1])
  })

  it('says where a gradient comes from', () => {
    const ones = new Float64Array(18).fill(1)
    // The picture's middle lies in one window of each filter.
    const found = contributions(classic, ones, { tensor: 'input', index: 12 })
    expect(found.map(({ filter, row, column, factor }) => [filter, row, column, factor])).toEqual([
      [0, 1, 1, 1],
      [1, 1, 1, -1],
    ])
    expect(contributions(classic, ones, { tensor: 'input', index: 12 }, 0, 9)).toHaveLength(1)
  })
})

describe('similarityAt', () => {
  it('is 1 for a window that is its kernel, whatever its length, and 0 for an empty one', () => {
    const settings = { ...settingsOf(classic), height: 3, width: 3, filters: 1, stride: [1, 1] as [number, number] }
    const case1 = randomCase({ ...settings, padding: { top: 0, bottom: 0, left: 0, right: 0 } }, 'integers', 1)
    const alike = { ...case1, input: case1.kernel.map((value) => value * 3) }
    const place = { filter: 0, row: 0, column: 0 }
    expect(similarityAt(alike, place).cosine).toBeCloseTo(1, 12)
    expect(similarityAt({ ...alike, kernel: alike.kernel.map((value) => -value) }, place).cosine).toBeCloseTo(-1, 12)
    expect(similarityAt({ ...alike, input: new Float64Array(27) }, place).cosine).toBe(0)
  })
})

describe('groups', () => {
  it('let a filter see its own channels only', () => {
    const of = randomCase({ ...settingsOf(classic), channels: 6, filters: 4, groups: 2 }, 'decimals', 1)
    expect([0, 1, 2, 3].map((filter) => channelsOf(of, filter))).toEqual([
      { first: 0, count: 3 },
      { first: 0, count: 3 },
      { first: 3, count: 3 },
      { first: 3, count: 3 },
    ])
    const touched = { ...of, input: of.input.map((value, at) => (at >= 3 * 25 ? value + 1 : value)) }
    expect(convolve(touched).subarray(0, 18)).toEqual(convolve(of).subarray(0, 18))
    expect(convolve(touched).subarray(18)).not.toEqual(convolve(of).subarray(18))
  })
})
