import { halfToNumber } from '../formats/float16'
import type { NamedTensor } from '../formats/tensors'
import { elementCount } from '../network/shape'
import { ImportFailure } from './failure'
import { bytesOf, floatsOf, integersOf, messagesOf, readMessage, textsOf, type Message } from './protobuf'

/** The part of onnx.proto that a network of ours needs; the numbers are its field numbers. */
export interface OnnxGraph {
  readonly nodes: readonly OnnxNode[]
  readonly initializers: ReadonlyMap<string, NamedTensor>
  /** Inputs that are no initializers; null where a size is open. */
  readonly inputs: readonly { readonly name: string; readonly dims: readonly (number | null)[] }[]
  readonly outputs: readonly string[]
}

export interface OnnxNode {
  readonly name: string
  readonly op: string
  /** Empty where an optional one is absent. */
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  readonly attributes: ReadonlyMap<string, OnnxAttribute>
}

export interface OnnxAttribute {
  readonly numbers: readonly number[]
  readonly text: string | null
  readonly tensor: NamedTensor | null
}

/** Throws an `ImportFailure` where the bytes are no ONNX model, or its weights lie in another file or cannot be read. */
export function readOnnx(bytes: Uint8Array, source: string): OnnxGraph {
  const [graph] = messagesOf(readMessage(bytes, source), 7, source)
  if (!graph) throw new ImportFailure('not-onnx', { source })
  const tensors = messagesOf(graph, 5, source).map((tensor) => {
    return [textsOf(tensor, 8)[0] ?? '', readTensor(tensor, source)] as const
  })
  const initializers = new Map(tensors)
  return {
    nodes: messagesOf(graph, 1, source).map((node) => readNode(node, source)),
    initializers,
    inputs: messagesOf(graph, 11, source)
      .map((value) => readValue(value, source))
      .filter(({ name }) => !initializers.has(name)),
    outputs: messagesOf(graph, 12, source).map((value) => textsOf(value, 1)[0] ?? ''),
  }
}

function readNode(node: Message, source: string): OnnxNode {
  const attributes = messagesOf(node, 5, source).map((attribute) => {
    const [tensor] = messagesOf(attribute, 5, source)
    const value: OnnxAttribute = {
      numbers: [
        ...floatsOf(attribute, 2),
        ...integersOf(attribute, 3, source),
        ...floatsOf(attribute, 7),
        ...integersOf(attribute, 8, source),
      ],
      text: textsOf(attribute, 4)[0] ?? null,
      tensor: tensor ? readTensor(tensor, source) : null,
    }
    return [textsOf(attribute, 1)[0] ?? '', value] as const
  })
  const op = textsOf(node, 4)[0] ?? ''
  return {
    name: textsOf(node, 3)[0] ?? '',
    op,
    inputs: textsOf(node, 1),
    outputs: textsOf(node, 2),
    attributes: new Map(attributes),
  }
}

function readValue(value: Message, source: string) {
  const [type] = messagesOf(value, 2, source)
  const [tensor] = type ? messagesOf(type, 1, source) : []
  const [shape] = tensor ? messagesOf(tensor, 2, source) : []
  const dims = shape ? messagesOf(shape, 1, source).map((dim) => sizeOf(dim, source)) : []
  return { name: textsOf(value, 1)[0] ?? '', dims }
}

/** Null for a name, such as `batch`, and for what some exporters write in its place. */
function sizeOf(dim: Message, source: string): number | null {
  const [size = 0] = integersOf(dim, 1, source)
  return size > 0 ? size : null
}

function readTensor(tensor: Message, source: string): NamedTensor {
  const shape = integersOf(tensor, 1, source)
  const name = textsOf(tensor, 8)[0] ?? 'constant'
  if (integersOf(tensor, 14, source)[0] === 1) throw new ImportFailure('onnx-external', { source, tensor: name })
  const [type = 0] = integersOf(tensor, 2, source)
  const [raw] = bytesOf(tensor, 9)
  const values = raw ? rawValues(raw, type) : listedValues(tensor, type, source)
  if (values?.length !== elementCount(shape)) throw new ImportFailure('onnx-tensor', { source, tensor: name })
  return { shape, values: values instanceof Float32Array ? values : Float32Array.from(values) }
}

/** One number after the other, in the list for its type. */
function listedValues(tensor: Message, type: number, source: string): ArrayLike<number> {
  const small = integersOf(tensor, 5, source)
  return [...floatsOf(tensor, 4), ...(type === 10 ? small.map(halfToNumber) : small), ...integersOf(tensor, 7, source)]
}

const bytesOfType: Readonly<Record<number, number>> = { 1: 4, 6: 4, 7: 8, 10: 2, 11: 8 }

/** TensorProto.DataType: 1 FLOAT, 6 INT32, 7 INT64, 9 BOOL, 10 FLOAT16, 11 DOUBLE. Null for others, or half a number. */
function rawValues(raw: Uint8Array, type: number): ArrayLike<number> | null {
  const { buffer } = Uint8Array.from(raw)
  if (raw.length % (bytesOfType[type] ?? 1) !== 0) return null
  switch (type) {
    case 1:
      return new Float32Array(buffer)
    case 6:
      return new Int32Array(buffer)
    case 7:
      return Array.from(new BigInt64Array(buffer), Number)
    case 9:
      return new Uint8Array(buffer)
    case 10:
      return Array.from(new Uint16Array(buffer), halfToNumber)
    case 11:
      return new Float64Array(buffer)
    default:
      return null
  }
}
