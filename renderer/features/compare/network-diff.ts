import type { LayerNode } from '../../../shared/network/document'
import { matchLayers, type LayerPair, type Side } from './match-layers'

export interface ChangedValue {
  readonly name: string
  readonly before: string
  readonly after: string
}

export interface LayerChange {
  readonly type: 'added' | 'removed' | 'changed'
  /** Its id in each of the networks; null where it is missing. */
  readonly before: string | null
  readonly after: string | null
  /** What is different, for a changed layer; its kind is called `kind`, what enters `inputs`, a block's copies `repeat`. */
  readonly values: readonly ChangedValue[]
}

export interface NetworkDiff {
  /** In the order of both networks. */
  readonly changes: readonly LayerChange[]
  readonly pairs: readonly LayerPair[]
}

/**
 * What tells two networks apart, layer by layer: a layer has changed where its kind, a parameter (with defaults filled in) or
 * what enters is another. How it is called and where it stands on the canvas do not count.
 */
export function networkDiff(before: Side, after: Side): NetworkDiff {
  const pairs = matchLayers(before, after)
  const partner = new Map(pairs.map((pair) => [pair.after, pair.before]))
  const renamed = new Map(pairs.map((pair) => [pair.before, pair.after]))
  const old = new Map(before.document.layers.map((layer) => [layer.id, layer]))
  const lost = before.document.layers.filter(({ id }) => !renamed.has(id))
  const place = new Map(before.document.layers.map(({ id }, index) => [id, index]))
  const changes: LayerChange[] = []
  function tellLost(until: number): void {
    while (lost[0] && (place.get(lost[0].id) ?? 0) < until) {
      changes.push({ type: 'removed', before: lost.shift()?.id ?? null, after: null, values: [] })
    }
  }
  for (const layer of after.document.layers) {
    const was = old.get(partner.get(layer.id) ?? '')
    if (!was) {
      changes.push({ type: 'added', before: null, after: layer.id, values: [] })
      continue
    }
    tellLost(place.get(was.id) ?? 0)
    // A layer that came or went says so itself, not also the one behind it.
    const sources = was.inputs.map((id) => sourceOf(before, id, renamed)).map((id) => renamed.get(id) ?? id)
    const isRewired = sources.join() !== layer.inputs.map((id) => sourceOf(after, id, partner)).join()
    const values = [
      ...changedValues(describe(was, before), describe(layer, after)),
      ...(isRewired ? [{ name: 'inputs', before: was.inputs.join(', '), after: layer.inputs.join(', ') }] : []),
    ]
    if (values.length > 0) changes.push({ type: 'changed', before: was.id, after: layer.id, values })
  }
  tellLost(Infinity)
  return { changes, pairs }
}

/** The nearest layer from `id` back that the other network has too, as far as there is one way back. */
function sourceOf({ document }: Pick<Side, 'document'>, id: string, known: ReadonlyMap<string, string>): string {
  const layer = document.layers.find((one) => one.id === id)
  const [only, ...others] = layer?.inputs ?? []
  return known.has(id) || only === undefined || others.length > 0 ? id : sourceOf({ document }, only, known)
}

function describe(layer: LayerNode, { document, analysis }: Side): ReadonlyMap<string, string> {
  const params = analysis.byId.get(layer.id)?.params ?? layer.params
  const group = document.groups?.find(({ layers }) => layers.includes(layer.id))
  return new Map([
    ['kind', layer.kind],
    ...Object.entries(params).map(([name, value]) => [name, text(value)] as const),
    ['repeat', String(group?.repeat ?? 1)],
  ])
}

function changedValues(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): ChangedValue[] {
  const isOther = before.get('kind') !== after.get('kind')
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((name) => {
    const [was, is] = [before.get(name), after.get(name)]
    // Parameters that only one of two kinds has say no more than the kinds.
    if (was === is || (isOther && (was === undefined || is === undefined))) return []
    return [{ name, before: was ?? '–', after: is ?? '–' }]
  })
}

function text(value: unknown): string {
  if (Array.isArray(value)) return value.map(text).join(' × ')
  return typeof value === 'string' ? value : JSON.stringify(value)
}
