import type { NetworkDocument } from '../network/document'
import { runConfigSchema, type RunConfig } from '../training/config'
import { targetKey, type PlanValue, type Target } from './plan'

export interface Setting {
  readonly target: Target
  readonly value: PlanValue
}

/** What cannot be: a sentence that names the parameter. */
export interface Refused {
  readonly problem: string
}

/**
 * A configuration with some of its settings replaced. Another type of optimizer, schedule or loss brings its own defaults;
 * of the base's settings those that it has, too, are kept only where the type stays.
 */
export function applySettings(base: RunConfig, settings: readonly Setting[]): RunConfig | Refused {
  const raw: Record<string, unknown> = { ...base }
  const paths = settings.flatMap(({ target, value }) =>
    target.type === 'setting' ? [{ path: target.path, value }] : [],
  )
  // A type first: its fields are set within it.
  for (const { path, value } of [...paths].sort((a, b) => Number(isType(b.path)) - Number(isType(a.path)))) {
    const [first = '', second] = path.split('.')
    const before = raw[first]
    if (second === undefined) raw[first] = value
    else if (second === 'type') raw[first] = isRecord(before) && before.type === value ? before : { type: value }
    else raw[first] = { ...(isRecord(before) ? before : {}), [second]: value }
  }
  const parsed = runConfigSchema.safeParse(raw)
  if (parsed.success) return parsed.data
  return { problem: parsed.error.issues.map(explain).join('; ') }
}

/** A network with some of its layers' parameters replaced; whether it is sound is for its analysis to say. */
export function applyToLayers(document: NetworkDocument, settings: readonly Setting[]): NetworkDocument | Refused {
  const byLayer = new Map<string, Record<string, PlanValue>>()
  for (const { target, value } of settings) {
    if (target.type !== 'layer') continue
    if (!document.layers.some(({ id }) => id === target.layer)) {
      return { problem: `${targetKey(target)}: the network has no layer "${target.layer}"` }
    }
    byLayer.set(target.layer, { ...byLayer.get(target.layer), [target.param]: value })
  }
  if (byLayer.size === 0) return document
  const layers = document.layers.map((layer) => {
    const changed = byLayer.get(layer.id)
    return changed ? { ...layer, params: { ...layer.params, ...changed } } : layer
  })
  return { ...document, layers }
}

export function isRefused(result: object): result is Refused {
  return 'problem' in result
}

function isType(path: string): boolean {
  return path.endsWith('.type')
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

interface Issue {
  readonly path: readonly PropertyKey[]
  readonly message: string
  readonly keys?: readonly string[]
}

function explain({ path, message, keys }: Issue): string {
  const at = path.map(String).join('.')
  if (keys) return `${keys.map((key) => [at, key].filter(Boolean).join('.')).join(', ')} does not apply here`
  return `${at}: ${message}`
}
