import type { Fix, FixCode, FixContext } from './fix-candidates'

export type Pair = readonly [number, number]

/** Sets parameters of the layer that is at fault. */
export function change(
  { node }: FixContext,
  code: FixCode,
  changes: Readonly<Record<string, unknown>>,
  params: Fix['params'],
): Fix {
  return { code, layerId: node.id, params, edits: [{ type: 'set', layerId: node.id, params: changes }] }
}

/** Puts a layer into the edge that is at fault, or into the one from `from`. */
export function insert(
  { node, problem }: FixContext,
  code: FixCode,
  kind: string,
  params: Readonly<Record<string, unknown>> = {},
  from: string | null = problem.fromId,
): Fix[] {
  const slot = from === null ? -1 : node.inputs.indexOf(from)
  if (from === null || slot < 0) return []
  const edit = { type: 'insert', from, to: node.id, slot, kind, params } as const
  return [{ code, layerId: node.id, params: { from, to: node.id, ...textOf(params) }, edits: [edit] }]
}

function textOf(params: Readonly<Record<string, unknown>>): Fix['params'] {
  const { out_channels: channels, out_features: features, output_size: output, size } = params
  const target = Array.isArray(output) ? output : size
  return {
    ...(typeof channels === 'number' ? { count: channels } : {}),
    ...(typeof features === 'number' ? { count: features } : {}),
    ...(Array.isArray(target) ? { size: target.join(' × ') } : {}),
  }
}

/** `[vertical, horizontal]` of a parameter as it is typed, one number or two. */
export function pairOf(value: unknown, otherwise: Pair): Pair {
  if (typeof value === 'number') return [value, value]
  if (!Array.isArray(value)) return otherwise
  const [first, second] = value.map(Number)
  return [first ?? otherwise[0], second ?? otherwise[1]]
}
