import { expect, it } from 'vitest'
import { following, kept, orAll, zoomed, type Stretch } from './zoom'

const all = [0, 100] as const

it('zooms around the centre, down to the shortest stretch that is wanted', () => {
  expect(zoomed(all, all, 25, 0.5, 4)).toEqual([12.5, 62.5])
  expect(zoomed([20, 30], all, 30, 0.5, 4)).toEqual([25, 30])
  expect(zoomed([20, 25], all, 20, 0.5, 4)).toEqual([20, 24])
  // A chart that is shorter than that from the start does not jump apart.
  expect(zoomed([1, 3], [1, 3], 2, 0.5, 4)).toBeNull()
})

it('zooms out inside the whole, and to the whole in the end', () => {
  expect(zoomed([0, 20], all, 10, 2, 4)).toEqual([0, 40])
  expect(zoomed([90, 100], all, 95, 3, 4)).toEqual([70, 100])
  expect(zoomed([10, 70], all, 40, 2, 4)).toBeNull()
})

it('follows a place that leaves what is shown', () => {
  expect(following([20, 40], all, 30)).toEqual([20, 40])
  expect(following([20, 40], all, 45)).toEqual([25, 45])
  expect(following([20, 40], all, 15)).toEqual([15, 35])
  expect(following([20, 40], all, 200)).toEqual([80, 100])
})

it('knows all from nearly all', () => {
  expect(orAll([0.00001, 99.99999], all)).toBeNull()
  expect(orAll([0, 99], all)).toEqual([0, 99])
})

it('keeps a stretch whose ends stay where they are', () => {
  const before: Stretch = [1, 10]
  expect(kept(before, [1, 10])).toBe(before)
  expect(kept(before, [1, 11])).toEqual([1, 11])
  expect(kept(undefined, [1, 10])).toEqual([1, 10])
  expect(kept<Stretch | null>(before, null)).toBe(null)
})
