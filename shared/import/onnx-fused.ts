import type { NamedTensor } from '../formats/tensors'
import type { OnnxAttribute, OnnxGraph, OnnxNode } from './onnx-graph'

/**
 * Pairs of nodes that are one layer here, as one node each: a bias added behind MatMul or a convolution becomes its third input,
 * zeros padded behind a ConvTranspose its output padding, products with matrices from both sides `AxisMaps`, and pixels gathered
 * along both axes `GatherPixels` (both: input, rows, columns). Only where nothing else reads the value between.
 */
export function fuse(graph: OnnxGraph): OnnxGraph {
  const constants = constantsOf(graph)
  const readers = new Map<string, number>()
  for (const name of [...graph.nodes.flatMap(({ inputs }) => inputs), ...graph.outputs]) {
    readers.set(name, (readers.get(name) ?? 0) + 1)
  }
  const made = new Map<string, number>()
  const nodes: (OnnxNode | null)[] = []
  for (const node of graph.nodes) {
    const before = node.inputs.find((name) => made.has(name) && readers.get(name) === 1)
    const at = made.get(before ?? '')
    const first = at === undefined ? null : nodes[at]
    const joined = first && join(first, node, (name) => constants.get(name))
    if (joined && at !== undefined) nodes[at] = null
    const [output = ''] = node.outputs
    made.set(output, nodes.length)
    nodes.push(joined ?? node)
  }
  return { ...graph, nodes: nodes.filter((node) => node !== null) }
}

function constantsOf({ nodes, initializers }: OnnxGraph): ReadonlyMap<string, NamedTensor> {
  const made = nodes.flatMap(({ op, outputs, attributes }) => {
    const tensor = op === 'Constant' ? attributes.get('value')?.tensor : null
    return tensor ? [[outputs[0] ?? '', tensor] as const] : []
  })
  return new Map([...initializers, ...made])
}

type Constant = (name: string) => NamedTensor | undefined

/** One node under the first one's name, with the second one's output; null where they are two layers. */
function join(first: OnnxNode, second: OnnxNode, constant: Constant): OnnxNode | null {
  const other = second.inputs.find((name) => name !== first.outputs[0])
  const pair = `${first.op} ${second.op}`
  const [x = '', weight = ''] = first.inputs
  switch (pair) {
    case 'MatMul Add':
    case 'Conv Add':
    case 'ConvTranspose Add': {
      if (first.inputs.length !== 2 || other === undefined || !isBias(first, constant(weight), constant(other)))
        return null
      return { ...first, inputs: [x, weight, other], outputs: second.outputs }
    }
    case 'ConvTranspose Pad': {
      const attributes = first.inputs.length === 2 ? padded(first, constant(second.inputs[1] ?? '')) : null
      return attributes && { ...first, attributes, outputs: second.outputs }
    }
    case 'MatMul MatMul': {
      const [left = '', inner] = second.inputs
      if (inner !== first.outputs[0] || !isMatrix(constant(left)) || !isMatrix(constant(weight))) return null
      return { ...first, op: 'AxisMaps', inputs: [x, left, weight], outputs: second.outputs }
    }
    case 'Gather Gather': {
      const columns = second.inputs[1] ?? ''
      if (axisOf(first) !== 2 || axisOf(second) !== 3 || !constant(weight) || !constant(columns)) return null
      return { ...first, op: 'GatherPixels', inputs: [x, weight, columns], outputs: second.outputs }
    }
    default:
      return null
  }
}

/** One term for each feature, or for each channel as `[channels, 1, 1]`. */
function isBias({ op, attributes }: OnnxNode, weight: NamedTensor | undefined, term: NamedTensor | undefined): boolean {
  if (!weight || !term) return false
  const groups = attributes.get('group')?.numbers[0] ?? 1
  const outputs = { MatMul: weight.shape[1], Conv: weight.shape[0] }[op] ?? (weight.shape[1] ?? 0) * groups
  if (op === 'MatMul') return term.values.length === outputs
  return term.values.length === outputs && term.shape.at(-3) === outputs
}

/** The attributes of a ConvTranspose that puts out the zeros below and to the right itself. */
function padded(node: OnnxNode, sides: NamedTensor | undefined): ReadonlyMap<string, OnnxAttribute> | null {
  const [n, c, top, left, n2, c2, ...added] = sides?.values ?? []
  if (added.length !== 2 || [n, c, top, left, n2, c2].some((side) => side !== 0)) return null
  const numbers = (name: string, usual: number) => node.attributes.get(name)?.numbers ?? [usual, usual, usual, usual]
  const pads = numbers('pads', 0)
  const more = numbers('output_padding', 0)
  const total = [0, 1].map((axis) => (pads[axis] ?? 0) - (pads[2 + axis] ?? 0) + (more[axis] ?? 0) + (added[axis] ?? 0))
  // Behind what was cut off come values, not zeros; and more than a step of padding is none.
  const isOutput = total.every((all, axis) => {
    const isWhole = added[axis] === 0 || (pads[2 + axis] ?? 0) === 0
    return isWhole && all < Math.max(numbers('strides', 1)[axis] ?? 1, numbers('dilations', 1)[axis] ?? 1)
  })
  if (!isOutput) return null
  const attribute = (values: readonly number[]): OnnxAttribute => ({ numbers: values, text: null, tensor: null })
  const begin = pads.slice(0, 2)
  return new Map([...node.attributes, ['pads', attribute([...begin, ...begin])], ['output_padding', attribute(total)]])
}

function isMatrix(tensor: NamedTensor | undefined): boolean {
  return tensor?.shape.length === 2
}

function axisOf({ attributes }: OnnxNode): number {
  return attributes.get('axis')?.numbers[0] ?? 0
}
