import { weightsOf, type KernelSet } from './kernel-set'

/** A kernel whose L2 norm is below this share of the largest in its layer is called dead: it hardly answers to anything. */
export const deadShare = 0.01
/** Two kernels whose cosine is above this are called twins: one of them is spare. */
export const twinCosine = 0.99

export interface KernelNorms {
  /** Sums of magnitudes, one a kernel. */
  readonly l1: Float32Array
  /** Roots of sums of squares, one a kernel. */
  readonly l2: Float32Array
}

export function kernelNorms(set: KernelSet): KernelNorms {
  const l1 = new Float32Array(set.count)
  const l2 = new Float32Array(set.count)
  for (let kernel = 0; kernel < set.count; kernel++) {
    let [sum, squares] = [0, 0]
    for (const value of weightsOf(set, kernel)) {
      sum += Math.abs(value)
      squares += value * value
    }
    l1[kernel] = sum
    l2[kernel] = Math.sqrt(squares)
  }
  return { l1, l2 }
}

/** Kernels that are called dead. Where all are zero, all of them. */
export function deadKernels({ l2 }: KernelNorms): ReadonlySet<number> {
  const largest = l2.reduce((most, norm) => Math.max(most, norm), 0)
  const dead = new Set<number>()
  l2.forEach((norm, kernel) => {
    if (norm <= largest * deadShare) dead.add(kernel)
  })
  return dead
}

/**
 * Cosines of all pairs of kernels, `[count, count]`, 0 for a kernel of zeros. Halts after each row, so that a large layer
 * does not stop the window.
 */
export function* kernelCosines(set: KernelSet, { l2 }: KernelNorms): Generator<void, Float32Array> {
  const { count } = set
  const cosines = new Float32Array(count * count)
  for (let a = 0; a < count; a++) {
    const one = weightsOf(set, a)
    cosines[a * count + a] = 1
    for (let b = a + 1; b < count; b++) {
      const other = weightsOf(set, b)
      const norms = (l2[a] ?? 0) * (l2[b] ?? 0)
      let product = 0
      for (let i = 0; i < one.length; i++) product += (one[i] ?? 0) * (other[i] ?? 0)
      const cosine = norms > 0 ? product / norms : 0
      cosines[a * count + b] = cosine
      cosines[b * count + a] = cosine
    }
    yield
  }
  return cosines
}

export interface Nearest {
  readonly kernel: number
  readonly cosine: number
}

/** For each kernel the live one most like it; null for dead ones, whose direction is noise, and where there is no other. */
export function nearestKernels(
  cosines: Float32Array,
  count: number,
  dead: ReadonlySet<number>,
): readonly (Nearest | null)[] {
  return Array.from({ length: count }, (_, kernel) => {
    let nearest: Nearest | null = null
    for (let other = 0; other < count && !dead.has(kernel); other++) {
      const cosine = cosines[kernel * count + other] ?? 0
      if (other === kernel || dead.has(other)) continue
      if (!nearest || cosine > nearest.cosine) nearest = { kernel: other, cosine }
    }
    return nearest
  })
}

/** Kernels that have a twin, with it. */
export function twinKernels(nearest: readonly (Nearest | null)[]): ReadonlyMap<number, number> {
  const twins = new Map<number, number>()
  nearest.forEach((one, kernel) => {
    if (one && one.cosine > twinCosine) twins.set(kernel, one.kernel)
  })
  return twins
}

export const kernelOrders = ['index', 'l1', 'l2', 'similarity'] as const
export type KernelOrder = (typeof kernelOrders)[number]

/** Kernels from the largest norm down. */
export function byNorm(norms: Float32Array): number[] {
  return Array.from(norms, (_, kernel) => kernel).sort((a, b) => (norms[b] ?? 0) - (norms[a] ?? 0) || a - b)
}

/** Beginning with the kernel of the largest norm, each time the one most like the last: alike kernels stand together. */
export function bySimilarity(cosines: Float32Array, l2: Float32Array): number[] {
  const count = l2.length
  const [first] = byNorm(l2)
  if (first === undefined) return []
  const left = new Set(Array.from({ length: count }, (_, kernel) => kernel))
  const order = [first]
  left.delete(first)
  for (let last = first; left.size > 0;) {
    let best = -1
    for (const kernel of left) {
      if (best < 0 || (cosines[last * count + kernel] ?? 0) > (cosines[last * count + best] ?? 0)) best = kernel
    }
    order.push(best)
    left.delete(best)
    last = best
  }
  return order
}
