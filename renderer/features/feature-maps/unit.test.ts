import { expect, it } from 'vitest'
import { statisticsOf } from '../../../shared/inspect/statistics'
import { differenceOfPages, pageOf } from './pages'
import { windowOf } from './unit'

const picture = { height: 28, width: 28 }

it('finds the pixels that a unit sees, also those in the padding', () => {
  const field = { size: [8, 6], jump: [2, 1], offset: [-1, 0], whole: false } as const
  expect(windowOf(field, { row: 0, column: 3 }, picture)).toEqual({ top: -1, left: 3, height: 8, width: 6 })
  expect(windowOf(field, { row: 5, column: 0 }, picture)).toEqual({ top: 9, left: 0, height: 8, width: 6 })
})

it('starts at whole pixels where a layer enlarges', () => {
  const field = { size: [1, 1], jump: [0.5, 0.5], offset: [0, 0], whole: false } as const
  expect(windowOf(field, { row: 3, column: 2 }, picture)).toEqual({ top: 1, left: 1, height: 1, width: 1 })
})

it('is the whole picture for a feature that sees everything', () => {
  const field = { size: [28, 28], jump: [0, 0], offset: [0, 0], whole: true } as const
  expect(windowOf(field, { row: 0, column: 0 }, picture)).toEqual({ top: 0, left: 0, height: 28, width: 28 })
})

it('sums a map up', () => {
  expect(statisticsOf(Float32Array.of(0, 4, -2, 0))).toEqual({
    mean: 0.5,
    standardDeviation: Math.sqrt(20 / 4 - 0.25),
    min: -2,
    max: 4,
    zeros: 0.5,
  })
})

it('tells pages apart by layer, place and size', () => {
  const page = { layer: 'a', first: 4, count: 2, height: 1, width: 1, values: Float32Array.of(5, 3) }
  expect(pageOf([page], page)).toBe(page)
  expect(pageOf([page], { ...page, count: 3 })).toBeNull()
  expect(pageOf(undefined, page)).toBeNull()
  expect(differenceOfPages(page, { ...page, values: Float32Array.of(1, 4) })).toEqual(Float32Array.of(4, -1))
  expect(differenceOfPages(page, { ...page, first: 0 })).toBeNull()
})
