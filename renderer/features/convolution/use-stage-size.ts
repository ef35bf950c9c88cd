import { useElementSize } from '@vueuse/core'
import { computed, type ComputedRef, type Ref } from 'vue'
import type { StageSize } from './stage-layout'

/** The room that a view has, without its padding; a usual window's until it is measured. */
export function useStageSize(element: Readonly<Ref<HTMLElement | null>>): ComputedRef<StageSize> {
  const { width, height } = useElementSize(element)
  return computed(() => ({ width: width.value || 880, height: height.value || 560 }))
}
