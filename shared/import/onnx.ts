import type { NamedTensor } from '../formats/tensors'
import { layerKinds } from '../layers/registry'
import { NetworkBuilder } from './builder'
import { readOnnx, type OnnxGraph, type OnnxNode } from './onnx-graph'
import { onnxOps, type OnnxLayer, type OnnxPlace } from './onnx-ops'
import type { ImportResult } from './report'

/**
 * A network and its weights from an ONNX model, of the operators that our layers compute. A layer is named by its weights
 * (`conv1.weight`), else by its node. What cannot be read is left out and reported. Throws `invalid-input` where the
 * file is damaged.
 */
export function importOnnx(bytes: Uint8Array, source: string): ImportResult {
  const graph = readOnnx(bytes, source)
  const reader = new Reader(graph)
  for (const node of graph.nodes) reader.node(node)
  const { document, report } = reader.builder.finish(graph.name)
  return { document, weights: reader.weights, report }
}

class Reader {
  readonly builder = new NetworkBuilder()
  readonly weights = new Map<string, NamedTensor>()
  private readonly constants: Map<string, NamedTensor>
  /** Our id by the name of an ONNX value. */
  private readonly values = new Map<string, string>()
  /** MatMul by its output, which an Add may give a bias. */
  private readonly biasless = new Map<string, { id: string; params: Record<string, unknown>; size: number }>()

  constructor(graph: OnnxGraph) {
    this.constants = new Map(graph.initializers)
    const [first, ...others] = graph.inputs
    for (const { name } of others)
      this.builder.issue('extra-ends', name, 'the model has several inputs; this one is left out')
    for (const name of graph.outputs.slice(1)) this.builder.issue('extra-ends', name, 'the model has several outputs')
    if (!first) return
    const [, channels = null, height = null, width = null] = first.dims
    const known = channels !== null && height !== null && width !== null
    if (!known) {
      const shape = first.dims.map((size) => size ?? '?').join(' × ')
      const message = `the input is ${shape}, not pictures of a fixed size; it gets the usual one`
      this.builder.issue('unknown-option', first.name, message, { shape })
    }
    this.values.set(first.name, this.builder.add(first.name, 'input', known ? { height, width, channels } : {}, []))
  }

  node(node: OnnxNode): void {
    const constant = node.op === 'Constant' ? node.attributes.get('value')?.tensor : null
    const [output = ''] = node.outputs
    if (constant) this.constants.set(output, constant)
    else if (node.op === 'Identity') this.pass(node)
    else if (!this.addBias(node)) this.layer(node)
  }

  private layer(node: OnnxNode): void {
    const where = node.name || (node.outputs[0] ?? node.op)
    const inputs = node.inputs.flatMap((name) => this.values.get(name) ?? [])
    const place: OnnxPlace = {
      node,
      inputs,
      shape: this.builder.shapeOf(inputs[0]),
      constant: (index) => this.constants.get(node.inputs[index] ?? ''),
      issue: (code, message, params = {}) => {
        this.builder.issue(code, where, message, params)
      },
    }
    const layers = onnxOps[node.op]?.(place) ?? null
    const valid = layers?.every(({ kind, params }) => layerKinds.get(kind)?.params.safeParse(params).success)
    if (!layers || valid !== true || inputs.length === 0) {
      const message = `${node.op} has no layer kind that computes it with these options; it is left out`
      this.builder.issue('unknown-layer', where, message, { layer: node.op })
      this.pass(node)
      return
    }
    this.addLayers(node, layers, inputs, where)
  }

  private addLayers(node: OnnxNode, layers: readonly OnnxLayer[], inputs: readonly string[], where: string): void {
    const weightName = node.inputs.find((name) => this.constants.has(name) && /\.(weight|bias)$/.test(name))
    const base = weightName?.replace(/\.[^.]*$/, '') ?? where.replace(/^\/+/, '')
    let entering = inputs
    for (const { kind, params, part, weights = {} } of layers) {
      const id = this.builder.add(part === undefined ? base : `${base}_${part}`, kind, params, entering)
      for (const [name, tensor] of Object.entries(weights)) if (tensor) this.weights.set(`${id}.${name}`, tensor)
      const matrix = weights['weight']
      if (node.op === 'MatMul' && matrix) {
        this.biasless.set(node.outputs[0] ?? '', { id, params, size: matrix.shape[0] ?? 0 })
      }
      entering = [id]
    }
    const [end] = entering
    if (end !== undefined) this.values.set(node.outputs[0] ?? '', end)
  }

  /** `x · W + b` is one Linear layer here. */
  private addBias(node: OnnxNode): boolean {
    if (node.op !== 'Add') return false
    const from = node.inputs.find((name) => this.biasless.has(name)) ?? ''
    const bias = node.inputs.map((name) => this.constants.get(name)).find((tensor) => tensor !== undefined)
    const linear = this.biasless.get(from)
    if (!linear || bias?.values.length !== linear.size) return false
    linear.params['bias'] = true
    this.weights.set(`${linear.id}.bias`, { shape: [linear.size], values: bias.values })
    this.values.set(node.outputs[0] ?? '', linear.id)
    return true
  }

  /** What entered goes on. */
  private pass(node: OnnxNode): void {
    const [from = '', to = ''] = [node.inputs[0], node.outputs[0]]
    const [id, constant] = [this.values.get(from), this.constants.get(from)]
    if (id !== undefined) this.values.set(to, id)
    if (constant) this.constants.set(to, constant)
  }
}
