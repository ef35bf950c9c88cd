import { expect, it } from 'vitest'
import type { OverlayedLine } from '../../charts/overlay'
import { around, nearestTo, readValues } from './read-values'

function line(run: string, ys: readonly number[], every = 1, isRaw = false): OverlayedLine {
  const points = ys.map((y, index) => ({ x: (index + 1) * every, y }))
  return { run, name: run.toUpperCase(), points, colour: 'curve-1', dash: [], isRaw }
}

it('reads every run at one place, the largest first, each with the place of its own point', () => {
  const values = readValues([line('a', [1, 2, 3]), line('b', [9, 4], 2)], 3.2, 0.5)
  expect(values.map(({ run, x, y }) => [run, x, y])).toEqual([
    ['b', 4, 4],
    ['a', 3, 3],
  ])
})

it('reads a level line at the place itself, up to its ends', () => {
  const at = (x: number) => readValues([line('a', [5, 5], 100)], x, 10).map((value) => value.x)
  expect([at(130), at(205), at(220)]).toEqual([[130], [200], []])
})

it('leaves out runs that have ended before', () => {
  expect(readValues([line('a', [1, 2, 3]), line('b', [9])], 3, 0.5).map(({ run }) => run)).toEqual(['a'])
})

it('has the value before smoothing where it is of the same step', () => {
  const [same] = readValues([line('a', [5, 7], 1, true), line('a', [5, 6])], 2, 0.5)
  expect([same?.y, same?.raw]).toEqual([6, 7])
  // Of a long run other steps are kept of the one than of the other.
  const [other] = readValues([line('a', [5], 1, true), line('a', [5, 6])], 2, 2)
  expect([other?.y, other?.raw]).toEqual([6, null])
})

it('knows the nearest as the eye does, on either scale', () => {
  const values = readValues([line('high', [100]), line('low', [1])], 1, 0.5)
  expect(nearestTo(values, 40, false)).toBe('low')
  expect(nearestTo(values, 40, true)).toBe('high')
  expect(nearestTo([], 1, false)).toBeNull()
  // Nothing at and below zero is on a logarithmic scale.
  expect(nearestTo(readValues([line('zero', [0]), line('one', [1])], 1, 0.5), 0.5, true)).toBe('one')
})

it('cuts a long list around the nearest', () => {
  const values = readValues(
    Array.from({ length: 9 }, (_, i) => line(String(i), [9 - i])),
    1,
    0.5,
  )
  const runs = (run: string | null) => around(values, run, 3).map((value) => value.run)
  expect(runs(null)).toEqual(['0', '1', '2'])
  expect(runs('0')).toEqual(['0', '1', '2'])
  expect(runs('4')).toEqual(['3', '4', '5'])
  expect(runs('8')).toEqual(['6', '7', '8'])
})
