import { expect, it } from 'vitest'
import {
  byNorm,
  bySimilarity,
  deadKernels,
  kernelCosines,
  kernelNorms,
  nearestKernels,
  twinKernels,
  type KernelNorms,
} from './kernel-facts'
import type { KernelSet } from './kernel-set'

/** Kernels of two weights each. */
function setOf(...kernels: readonly (readonly [number, number])[]): KernelSet {
  return {
    layer: 'conv1',
    count: kernels.length,
    channels: 1,
    height: 1,
    width: 2,
    values: Float32Array.from(kernels.flat()),
  }
}

function cosinesOf(set: KernelSet, norms: KernelNorms = kernelNorms(set)): Float32Array {
  const work = kernelCosines(set, norms)
  for (;;) {
    const step = work.next()
    if (step.done) return step.value
  }
}

it('measures kernels by both norms', () => {
  const { l1, l2 } = kernelNorms(setOf([3, -4], [0, 0]))
  expect([...l1]).toEqual([7, 0])
  expect([...l2]).toEqual([5, 0])
})

it('calls dead what is below a hundredth of the largest', () => {
  expect(deadKernels(kernelNorms(setOf([3, 4], [0.04, 0], [0.06, 0], [0, 0])))).toEqual(new Set([1, 3]))
  expect(deadKernels(kernelNorms(setOf([0, 0], [0, 0])))).toEqual(new Set([0, 1]))
})

it('compares directions, not strengths', () => {
  const cosines = cosinesOf(setOf([1, 0], [5, 0], [0, 2], [-3, 0], [0, 0]))
  expect([...cosines.subarray(0, 5)]).toEqual([1, 1, 0, -1, 0])
  expect(cosines[2 * 5 + 1]).toBe(cosines[1 * 5 + 2])
})

it('finds twins, but none among the dead', () => {
  const set = setOf([1, 0], [2, 0.1], [0, 3], [0.001, 0])
  const norms = kernelNorms(set)
  const nearest = nearestKernels(cosinesOf(set, norms), set.count, deadKernels(norms))
  expect(nearest.map((one) => one?.kernel)).toEqual([1, 0, 1, undefined])
  expect([...twinKernels(nearest)]).toEqual([
    [0, 1],
    [1, 0],
  ])
  expect(nearestKernels(Float32Array.of(1), 1, new Set())).toEqual([null])
})

it('sorts from the largest norm, ties by number', () => {
  expect(byNorm(Float32Array.of(1, 3, 1, 2))).toEqual([1, 3, 0, 2])
})

it('puts alike kernels side by side', () => {
  const set = setOf([9, 0], [0, 1], [1, 0.2], [0.1, 1])
  expect(bySimilarity(cosinesOf(set), kernelNorms(set).l2)).toEqual([0, 2, 3, 1])
})
