import { useLocalStorage } from '@vueuse/core'
import { defineStore } from 'pinia'
import { computed, ref, watch } from 'vue'
import { useRuns } from './runs'

/** How many looks there are to tell runs apart: colours times dashes. */
export const lookCount = 32

/** Which runs are selected, and how each of them is drawn in charts of several. */
export const useRunSelection = defineStore('run-selection', () => {
  const runs = useRuns()
  /** In the order in which they were chosen. */
  const ids = ref<readonly string[]>([])
  /** Left out of charts, yet still selected. */
  const hidden = ref<ReadonlySet<string>>(new Set())
  /** A look's number by run; kept as long as the run is selected. */
  const looks = ref<ReadonlyMap<string, number>>(new Map())
  let anchor: string | null = null
  const axis = useLocalStorage<'step' | 'epoch' | 'time'>('compare-axis', 'step')

  const chosen = computed<ReadonlySet<string>>(() => new Set(ids.value))
  const selected = computed(() => ids.value.flatMap((id) => runs.summaries.get(id) ?? []))
  const visible = computed(() => selected.value.filter(({ id }) => !hidden.value.has(id)))

  function set(next: readonly string[], focus: string | null): void {
    ids.value = next
    runs.selectedId = focus !== null && next.includes(focus) ? focus : (next.at(-1) ?? null)
  }

  function only(id: string): void {
    anchor = id
    set([id], id)
  }

  function toggle(id: string): void {
    anchor = id
    set(chosen.value.has(id) ? ids.value.filter((one) => one !== id) : [...ids.value, id], id)
  }

  /** From the last one chosen alone to this one, in the list's order; `more` keeps the others. */
  function extend(id: string, order: readonly string[], more = false): void {
    const from = order.indexOf(anchor ?? id)
    const to = order.indexOf(id)
    if (to < 0) return
    const stretch = from < 0 ? [id] : order.slice(Math.min(from, to), Math.max(from, to) + 1)
    const kept = more ? ids.value.filter((one) => !stretch.includes(one)) : []
    set([...kept, ...stretch], id)
  }

  function selectAll(order: readonly string[]): void {
    set(order, runs.selectedId)
  }

  function clear(): void {
    anchor = null
    set([], null)
  }

  function toggleHidden(id: string): void {
    const next = new Set(hidden.value)
    if (!next.delete(id)) next.add(id)
    hidden.value = next
  }

  /** Shows this run alone; all again where it already is. */
  function solo(id: string): void {
    const others = ids.value.filter((one) => one !== id)
    const isAlone = !hidden.value.has(id) && others.every((one) => hidden.value.has(one))
    hidden.value = new Set(isAlone ? [] : others)
  }

  function showAll(): void {
    hidden.value = new Set()
  }

  // What is opened by its id elsewhere is selected here too.
  watch(
    () => runs.selectedId,
    (id) => {
      if (id !== null && !chosen.value.has(id)) only(id)
      if (id !== null || ids.value.length === 0) return
      // The one that was looked at may be gone while others are still there.
      const left = ids.value.filter((one) => runs.summaries.has(one))
      if (left.length > 0 && left.length < ids.value.length) set(left, null)
      else clear()
    },
    { flush: 'sync' },
  )
  watch(
    () => runs.summaries.size,
    () => {
      const left = ids.value.filter((id) => runs.summaries.has(id))
      if (left.length < ids.value.length) set(left, runs.selectedId)
    },
  )
  watch(
    ids,
    (now) => {
      const kept = new Map([...looks.value].filter(([id]) => chosen.value.has(id)))
      const used = new Set(kept.values())
      let free = 0
      for (const id of now) {
        if (kept.has(id)) continue
        while (used.has(free % lookCount) && used.size < lookCount) free++
        kept.set(id, free % lookCount)
        used.add(free % lookCount)
        free++
      }
      looks.value = kept
      hidden.value = new Set([...hidden.value].filter((id) => chosen.value.has(id)))
    },
    { flush: 'sync' },
  )

  return {
    ids,
    hidden,
    looks,
    axis,
    chosen,
    selected,
    visible,
    only,
    toggle,
    extend,
    selectAll,
    clear,
    toggleHidden,
    solo,
    showAll,
  }
})
