import type { KerasNode } from './graph'

/** Where the weights of each layer lie in `model.weights.h5`, by the layer's name: `layers/conv2d_1/vars`. */
export function weightGroups(nodes: readonly PlacedNode[], output: string): ReadonlyMap<string, string> {
  const counts = new Map<string, number>()
  return new Map(
    byDepth(nodes, output).map(({ name, className }) => {
      const base = snakeCase(className)
      const count = counts.get(base) ?? 0
      counts.set(base, count + 1)
      return [name, `layers/${count === 0 ? base : `${base}_${count}`}`] as const
    }),
  )
}

export interface PlacedNode extends Pick<KerasNode, 'className' | 'name'> {
  readonly inputs: readonly { readonly name: string }[]
}

/**
 * Layers as a loaded functional model lists them (keras/src/ops/function.py, map_graph): by their distance from the output,
 * the furthest first, those of one distance as a walk from the output back comes to them first.
 */
function byDepth(nodes: readonly PlacedNode[], output: string): readonly PlacedNode[] {
  const byName = new Map(nodes.map((node) => [node.name, node]))
  const visited = new Map<string, number>()
  const finished: PlacedNode[] = []
  function visit(name: string): void {
    const node = byName.get(name)
    if (!node || visited.has(name)) return
    visited.set(name, visited.size)
    for (const input of node.inputs) visit(input.name)
    finished.push(node)
  }
  visit(output)
  const depths = new Map<string, number>()
  for (const node of finished.toReversed()) {
    const depth = depths.get(node.name) ?? 0
    depths.set(node.name, depth)
    for (const { name } of node.inputs) depths.set(name, Math.max(depth + 1, depths.get(name) ?? 0))
  }
  const at = (map: ReadonlyMap<string, number>, { name }: PlacedNode) => map.get(name) ?? 0
  return finished.toSorted((a, b) => at(depths, b) - at(depths, a) || at(visited, a) - at(visited, b))
}

/** keras/src/utils/naming.py */
function snakeCase(name: string): string {
  return name
    .replaceAll(/\W+/g, '')
    .replaceAll(/(.)([A-Z][a-z]+)/g, '$1_$2')
    .replaceAll(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase()
}
