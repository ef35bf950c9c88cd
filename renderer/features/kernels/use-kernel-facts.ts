import { computed, shallowRef, watch, type Ref } from 'vue'
import { runSliced } from '../../lib/run-sliced'
import {
  byNorm,
  bySimilarity,
  deadKernels,
  kernelCosines,
  kernelNorms,
  nearestKernels,
  twinKernels,
  type KernelOrder,
} from './kernel-facts'
import type { KernelSet } from './kernel-set'

interface Likeness {
  /** The set that it is of. */
  readonly of: KernelSet
  readonly cosines: Float32Array
}

/** Norms, dead kernels and twins of a set, and its kernels in the order asked for. Likeness comes a little later. */
export function useKernelFacts(set: Readonly<Ref<KernelSet | null>>, order: Readonly<Ref<KernelOrder>>) {
  const likeness = shallowRef<Likeness | null>(null)
  const norms = computed(() => (set.value ? kernelNorms(set.value) : null))

  watch(
    set,
    async (of) => {
      if (!of || !norms.value) return
      const cosines = await runSliced(kernelCosines(of, norms.value), () => set.value === of)
      if (cosines) likeness.value = { of, cosines }
    },
    { immediate: true },
  )
  /** Of the set before, while that of this one is on its way and both are of one layer: it hardly changes in a step. */
  const cosines = computed(() => {
    const known = likeness.value
    return known && set.value && known.of.layer === set.value.layer && known.of.count === set.value.count
      ? known.cosines
      : null
  })
  const dead = computed(() => (norms.value ? deadKernels(norms.value) : new Set<number>()))
  const nearest = computed(() =>
    cosines.value && set.value ? nearestKernels(cosines.value, set.value.count, dead.value) : [],
  )
  const twins = computed(() => twinKernels(nearest.value))
  const sorted = computed<readonly number[]>(() => {
    if (!set.value || !norms.value) return []
    if (order.value === 'l1' || order.value === 'l2') return byNorm(norms.value[order.value])
    if (order.value === 'similarity' && cosines.value) return bySimilarity(cosines.value, norms.value.l2)
    return Array.from({ length: set.value.count }, (_, kernel) => kernel)
  })
  return { norms, dead, nearest, twins, sorted }
}
