import type { NetworkAnalysis } from '../../../shared/network/analyze'
import type { LayerNode, NetworkDocument } from '../../../shared/network/document'

export interface ChangedValue {
  readonly name: string
  readonly before: string
  readonly after: string
}

export interface LayerChange {
  readonly id: string
  readonly type: 'added' | 'removed' | 'changed'
  /** What is different, for a changed layer; its kind is called `kind`, what enters `inputs`. */
  readonly values: readonly ChangedValue[]
}

interface Side {
  readonly document: NetworkDocument
  readonly analysis: NetworkAnalysis
}

/**
 * What tells two networks apart, layer by layer: layers are the same by their id, and changed where their kind, a parameter
 * (with defaults filled in) or what enters is another. Where a layer stands on the canvas does not count.
 */
export function networkDiff(before: Side, after: Side): LayerChange[] {
  const old = new Map(before.document.layers.map((layer) => [layer.id, layer]))
  const next = new Map(after.document.layers.map((layer) => [layer.id, layer]))
  const removed = [...old.keys()]
    .filter((id) => !next.has(id))
    .map((id) => ({ id, type: 'removed' as const, values: [] }))
  const others = [...next.values()].flatMap((layer): LayerChange[] => {
    const was = old.get(layer.id)
    if (!was) return [{ id: layer.id, type: 'added', values: [] }]
    const values = changedValues(describe(was, before), describe(layer, after))
    return values.length > 0 ? [{ id: layer.id, type: 'changed', values }] : []
  })
  return [...others, ...removed]
}

function describe(layer: LayerNode, { document, analysis }: Side): ReadonlyMap<string, string> {
  const params = analysis.byId.get(layer.id)?.params ?? layer.params
  const group = document.groups?.find(({ layers }) => layers.includes(layer.id))
  return new Map([
    ['kind', layer.kind],
    ...Object.entries(params).map(([name, value]) => [name, text(value)] as const),
    ['inputs', layer.inputs.join(', ')],
    ['repeat', String(group?.repeat ?? 1)],
  ])
}

function changedValues(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): ChangedValue[] {
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((name) => {
    const [was, is] = [before.get(name) ?? '–', after.get(name) ?? '–']
    return was === is ? [] : [{ name, before: was, after: is }]
  })
}

function text(value: unknown): string {
  if (Array.isArray(value)) return value.map(text).join(' × ')
  return typeof value === 'string' ? value : JSON.stringify(value)
}
