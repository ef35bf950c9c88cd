import type { NamedTensor } from '../formats/tensors'
import { layerKinds } from '../layers/registry'
import type { ImageShape } from '../network/shape'
import { NetworkBuilder } from './builder'
import { lookUp } from './look-up'
import { fuse } from './onnx-fused'
import { readOnnx, type OnnxGraph, type OnnxNode } from './onnx-graph'
import type { OnnxLayer, OnnxPlace } from './onnx-op'
import { onnxOps } from './onnx-ops'
import { OnnxSizes } from './onnx-sizes'
import type { ImportResult } from './report'

/**
 * A network and its weights from an ONNX model, of the operators that our layers compute. It is named by `source`, the
 * file's name; a layer by its weights (`conv1.weight`), else by its node. What cannot be read is left out and reported.
 * `usual` is the size of pictures where the model leaves it open. Throws an `ImportFailure` where the file is damaged.
 */
export function importOnnx(bytes: Uint8Array, source: string, usual: ImageShape): ImportResult {
  const graph = fuse(readOnnx(bytes, source))
  const reader = new Reader(graph, usual)
  for (const node of graph.nodes) reader.node(node)
  return { ...reader.builder.finish(source.replace(/\.onnx$/i, '')), weights: reader.weights }
}

class Reader {
  readonly builder = new NetworkBuilder()
  readonly weights = new Map<string, NamedTensor>()
  private readonly constants: Map<string, NamedTensor>
  private readonly sizes: OnnxSizes
  /** Our id by the name of an ONNX value. */
  private readonly values = new Map<string, string>()

  constructor(graph: OnnxGraph, usual: ImageShape) {
    this.constants = new Map(graph.initializers)
    this.sizes = new OnnxSizes(this.constants)
    const [first, ...others] = graph.inputs
    for (const { name } of others) this.builder.issue('extra-input', name, {})
    for (const name of graph.outputs.slice(1)) this.builder.issue('extra-output', name, {})
    if (!first) return
    const [, channels, height, width] = first.dims.length === 4 ? first.dims : []
    if (channels == null || height == null || width == null) {
      const sides = first.dims.slice(1).map((size) => size ?? '?')
      this.builder.issue('open-size', first.name, { shape: sides.join(' × ') || '?' })
    }
    this.values.set(first.name, this.builder.addInput(first.name, { height, width, channels }, usual))
  }

  node(node: OnnxNode): void {
    const constant = node.op === 'Constant' ? node.attributes.get('value')?.tensor : null
    const [output = ''] = node.outputs
    if (constant) this.constants.set(output, constant)
    else if (node.op === 'Identity') this.pass(node)
    else if (!this.sizes.take(node)) this.layer(node)
  }

  private layer(node: OnnxNode): void {
    const where = node.name || (node.outputs[0] ?? node.op)
    const inputs = node.inputs.flatMap((name) => this.values.get(name) ?? [])
    const place: OnnxPlace = {
      node,
      inputs,
      shape: this.builder.shapeOf(inputs[0]),
      constant: (index) => this.constants.get(node.inputs[index] ?? ''),
      sizes: (index) => this.sizes.count(node.inputs[index] ?? ''),
      issue: (code) => this.builder.issue(code, where, {}),
    }
    const op = lookUp(onnxOps, node.op)
    const layers = op?.(place) ?? null
    const valid = layers?.every(({ kind, params }) => layerKinds.get(kind)?.params.safeParse(params).success)
    if (!layers || valid !== true || inputs.length === 0) {
      this.builder.issue(op ? 'unknown-settings' : 'unknown-layer', where, { layer: node.op })
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
      entering = [id]
    }
    const [end] = entering
    if (end !== undefined) this.values.set(node.outputs[0] ?? '', end)
  }

  /** What entered goes on. */
  private pass(node: OnnxNode): void {
    const [from = '', to = ''] = [node.inputs[0], node.outputs[0]]
    const [id, constant] = [this.values.get(from), this.constants.get(from)]
    if (id !== undefined) this.values.set(to, id)
    if (constant) this.constants.set(to, constant)
  }
}
