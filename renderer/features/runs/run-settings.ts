import type { RunSummary } from '../../../shared/ipc/contract'

export type SettingValue = string | number | boolean | null

/** A run's configuration as names and values: `optimizer` is its type, `optimizer.beta1` one of its numbers. */
export function settingsOf(run: RunSummary): ReadonlyMap<string, SettingValue> {
  const known = kept.get(run.config)
  if (known) return known
  const found = new Map<string, SettingValue>()
  flatten(run.config, '', found)
  kept.set(run.config, found)
  return found
}

// Configurations never change, and are asked for with every key of a search.
const kept = new WeakMap<object, ReadonlyMap<string, SettingValue>>()

function flatten(value: object, path: string, into: Map<string, SettingValue>): void {
  for (const [key, part] of Object.entries(value) as [string, unknown][]) {
    const name = key === 'type' && path ? path : path ? `${path}.${key}` : key
    if (Array.isArray(part)) into.set(name, part.join(', '))
    else if (typeof part === 'object' && part !== null) flatten(part, name, into)
    else into.set(name, part as SettingValue)
  }
}
