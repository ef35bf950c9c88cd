import type { NamedTensor } from '../../../shared/formats/tensors'
import { MessageWriter } from '../../../shared/formats/protobuf-writer'
import type { Shape } from '../../../shared/network/shape'

/** A value in the graph; images are NCHW there, `shape` is the app's own (`[height, width, channels]`), without the batch. */
export interface OnnxValue {
  readonly name: string
  readonly shape: Shape
}

/** Lists are whole numbers; a single number is a float where it is marked as one. */
export type OnnxAttributes = Readonly<Record<string, number | string | readonly number[] | { readonly float: number }>>

interface Node {
  readonly op: string
  readonly name: string
  readonly inputs: string[]
  readonly output: string
  readonly attributes: OnnxAttributes
}

const elementTypes = { float32: 1, int64: 7 } as const

/** Collects nodes and constants of one graph and writes them as a ModelProto (onnx.proto, IR version 8 to 10). */
export class OnnxGraph {
  private readonly nodes: Node[] = []
  private readonly byOutput = new Map<string, Node>()
  private readonly initializers = new Map<
    string,
    { readonly type: 'float32' | 'int64'; readonly tensor: NamedTensor }
  >()
  private readonly used = new Set<string>()
  private opset = 17

  /** What a newer operator needs: the file says the oldest version that has all of its own. */
  needs(opset: number): void {
    this.opset = Math.max(this.opset, opset)
  }

  add(op: string, name: string, inputs: readonly string[], shape: Shape, attributes: OnnxAttributes = {}): OnnxValue {
    const output = this.unique(name)
    const node = { op, name: output, inputs: [...inputs], output, attributes }
    this.nodes.push(node)
    this.byOutput.set(output, node)
    return { name: output, shape }
  }

  /** The node behind a value where it is one of these operators and its input of this index is still open. */
  takesInput(value: OnnxValue, ops: readonly string[], index: number): boolean {
    const node = this.byOutput.get(value.name)
    return node !== undefined && ops.includes(node.op) && node.inputs.length === index
  }

  giveInput(value: OnnxValue, input: string): void {
    this.byOutput.get(value.name)?.inputs.push(input)
  }

  weight(name: string, tensor: NamedTensor): string {
    this.used.add(name)
    this.initializers.set(name, { type: 'float32', tensor })
    return name
  }

  floats(name: string, shape: readonly number[], values: Float32Array): string {
    const own = this.unique(name)
    this.initializers.set(own, { type: 'float32', tensor: { shape, values } })
    return own
  }

  integers(name: string, values: readonly number[]): string {
    const own = this.unique(name)
    const tensor = { shape: [values.length], values: Float32Array.from(values) }
    this.initializers.set(own, { type: 'int64', tensor })
    return own
  }

  input(name: string, shape: Shape): OnnxValue {
    this.used.add(name)
    return { name, shape }
  }

  /** The whole model. `metadata` are its metadata_props. */
  model(
    { input, output, name }: { readonly input: OnnxValue; readonly output: OnnxValue; readonly name: string },
    metadata: Readonly<Record<string, string>>,
    producer: { readonly name: string; readonly version: string },
  ): MessageWriter {
    const graph = new MessageWriter()
    for (const node of this.nodes) graph.message(1, nodeMessage(node))
    graph.text(2, name)
    for (const [own, { type, tensor }] of this.initializers) graph.message(5, tensorMessage(own, type, tensor))
    graph.message(11, valueMessage(input)).message(12, valueMessage(output))
    const ir = this.opset < 19 ? 8 : this.opset < 21 ? 9 : 10
    const model = new MessageWriter().integer(1, ir).text(2, producer.name).text(3, producer.version)
    model.message(7, graph).message(8, new MessageWriter().text(1, '').integer(2, this.opset))
    for (const [key, value] of Object.entries(metadata)) {
      model.message(14, new MessageWriter().text(1, key).text(2, value))
    }
    return model
  }

  private unique(name: string): string {
    let own = name
    for (let count = 2; this.used.has(own); count++) own = `${name}_${count}`
    this.used.add(own)
    return own
  }
}

function nodeMessage({ op, name, inputs, output, attributes }: Node): MessageWriter {
  const node = new MessageWriter()
  for (const input of inputs) node.text(1, input)
  node.text(2, output).text(3, name).text(4, op)
  for (const [key, value] of Object.entries(attributes)) node.message(5, attributeMessage(key, value))
  return node
}

/** AttributeProto.AttributeType: 1 FLOAT, 2 INT, 3 STRING, 7 INTS. */
function attributeMessage(name: string, value: OnnxAttributes[string]): MessageWriter {
  const attribute = new MessageWriter().text(1, name)
  if (typeof value === 'number') return attribute.integer(3, value).integer(20, 2)
  if (typeof value === 'string') return attribute.text(4, value).integer(20, 3)
  if ('float' in value) return attribute.float(2, value.float).integer(20, 1)
  for (const one of value) attribute.integer(8, one)
  return attribute.integer(20, 7)
}

function tensorMessage(name: string, type: 'float32' | 'int64', { shape, values }: NamedTensor): MessageWriter {
  const data = type === 'float32' ? values : BigInt64Array.from(values, BigInt)
  return new MessageWriter()
    .integers(1, shape)
    .integer(2, elementTypes[type])
    .text(8, name)
    .bytes(9, new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
}

/** The batch has the open size `N`. */
function valueMessage({ name, shape }: OnnxValue): MessageWriter {
  const [height, width, channels] = shape
  const sizes = channels === undefined ? shape : [channels, height ?? 1, width ?? 1]
  const dims = new MessageWriter().message(1, new MessageWriter().text(2, 'N'))
  for (const size of sizes) dims.message(1, new MessageWriter().integer(1, size))
  const type = new MessageWriter().integer(1, elementTypes.float32).message(2, dims)
  return new MessageWriter().text(1, name).message(2, new MessageWriter().message(1, type))
}
