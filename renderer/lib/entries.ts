import { shallowReactive, watch } from 'vue'

/**
 * The map that `source` gives, followed entry by entry: whoever reads one entry is told only when that one becomes
 * another, where a computed map would ask everybody who reads any of it.
 */
export function useEntries<T>(source: () => ReadonlyMap<string, T>): ReadonlyMap<string, T> {
  const entries = shallowReactive(new Map<string, T>())
  watch(
    source,
    (now) => {
      for (const [id, value] of now) if (entries.get(id) !== value) entries.set(id, value)
      for (const id of [...entries.keys()]) if (!now.has(id)) entries.delete(id)
    },
    { immediate: true },
  )
  return entries
}
