import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadProtobuf, type NativeBinding } from '../binding'
import { outName, type Attr, type DType, type GraphNode, type Out } from './graph'

/** The setters of tfjs-node's generated classes (google-protobuf) that we call. */
interface Message {
  serializeBinary(): Uint8Array
}
interface TensorShapeMessage extends Message {
  addDim(dim: Message): void
}
interface AttrMessage extends Message {
  setType(value: number): void
  setI(value: number): void
  setF(value: number): void
  setB(value: boolean): void
  setS(value: Uint8Array): void
  setShape(value: Message): void
  setTensor(value: Message): void
  setList(value: Message): void
}
interface Protobuf {
  readonly AttrValue: (new () => AttrMessage) & {
    readonly ListValue: new () => Message & { setIList(v: number[]): void }
  }
  readonly TensorShape: (new () => TensorShapeMessage) & {
    readonly Dim: new () => Message & { setSize(v: number): void }
  }
  readonly Tensor: new () => Message & {
    setDtype(v: number): void
    setTensorShape(v: Message): void
    setTensorContent(v: Uint8Array): void
  }
  readonly NodeDef: new () => Message & {
    setName(v: string): void
    setOp(v: string): void
    setInputList(v: string[]): void
    getAttrMap(): { set(key: string, value: Message): void }
  }
  readonly VersionDef: new () => Message & { setProducer(v: number): void }
  readonly GraphDef: new () => Message & { addNode(v: Message): void; setVersions(v: Message): void }
  readonly MetaGraphDef: (new () => Message & {
    setMetaInfoDef(v: Message): void
    setGraphDef(v: Message): void
    getSignatureDefMap(): { set(key: string, value: Message): void }
  }) & {
    readonly MetaInfoDef: new () => Message & { addTags(v: string): void }
  }
  readonly TensorInfo: new () => Message & {
    setName(v: string): void
    setDtype(v: number): void
    setTensorShape(v: Message): void
  }
  readonly SignatureDef: new () => Message & {
    setMethodName(v: string): void
    getInputsMap(): { set(key: string, value: Message): void }
    getOutputsMap(): { set(key: string, value: Message): void }
  }
  readonly SavedModel: new () => Message & {
    setSavedModelSchemaVersion(v: number): void
    addMetaGraphs(v: Message): void
  }
}

/** Numbers of TensorFlow's DataType enum (types.proto). */
const dataTypes: Readonly<Record<DType, number>> = { float32: 1, int32: 3, uint8: 4, bool: 10, resource: 20 }

/** Graph version of TensorFlow 2.7 (core/public/version.h), the oldest that we run on. */
const graphVersion = 898

const tag = 'serve'

/** What a SavedModel takes and gives, by names of its own. */
export type Signature = Readonly<Record<'inputs' | 'outputs', Readonly<Record<string, Out>>>>

/**
 * The bytes of a `saved_model.pb` with this graph and no variables. Our own sessions name nodes directly; for others there is
 * the signature `serving_default`.
 */
export function serializeGraph(nodes: readonly GraphNode[], signature: Signature | null = null): Uint8Array {
  const pb = loadProtobuf() as Protobuf
  const graph = new pb.GraphDef()
  const versions = new pb.VersionDef()
  versions.setProducer(graphVersion)
  graph.setVersions(versions)
  for (const node of nodes) {
    const message = new pb.NodeDef()
    message.setName(node.name)
    message.setOp(node.op)
    message.setInputList([...node.inputs])
    const attrs = message.getAttrMap()
    for (const [key, attr] of Object.entries(node.attrs)) attrs.set(key, attrMessage(pb, attr))
    graph.addNode(message)
  }
  const info = new pb.MetaGraphDef.MetaInfoDef()
  info.addTags(tag)
  const metaGraph = new pb.MetaGraphDef()
  metaGraph.setMetaInfoDef(info)
  metaGraph.setGraphDef(graph)
  if (signature) metaGraph.getSignatureDefMap().set('serving_default', signatureMessage(pb, signature))
  const model = new pb.SavedModel()
  model.setSavedModelSchemaVersion(1)
  model.addMetaGraphs(metaGraph)
  return model.serializeBinary()
}

/** Hands a graph to TensorFlow, which reads it from a folder that is gone again when this returns. Gives the session. */
export function loadGraph(binding: NativeBinding, nodes: readonly GraphNode[]): number {
  const folder = mkdtempSync(join(tmpdir(), 'convscope-graph-'))
  try {
    writeFileSync(join(folder, 'saved_model.pb'), serializeGraph(nodes))
    return binding.loadSavedModel(folder, tag)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function signatureMessage(pb: Protobuf, { inputs, outputs }: Signature): Message {
  const message = new pb.SignatureDef()
  message.setMethodName('tensorflow/serving/predict')
  const info = (out: Out) => {
    const tensor = new pb.TensorInfo()
    tensor.setName(outName(out))
    tensor.setDtype(dataTypes[out.dtype])
    tensor.setTensorShape(shapeMessage(pb, out.dims))
    return tensor
  }
  for (const [name, out] of Object.entries(inputs)) message.getInputsMap().set(name, info(out))
  for (const [name, out] of Object.entries(outputs)) message.getOutputsMap().set(name, info(out))
  return message
}

function attrMessage(pb: Protobuf, attr: Attr): Message {
  const message = new pb.AttrValue()
  if ('type' in attr) message.setType(dataTypes[attr.type])
  else if ('int' in attr) message.setI(attr.int)
  else if ('float' in attr) message.setF(attr.float)
  else if ('bool' in attr) message.setB(attr.bool)
  else if ('text' in attr) message.setS(new TextEncoder().encode(attr.text))
  else if ('shape' in attr) message.setShape(shapeMessage(pb, attr.shape))
  else if ('ints' in attr) {
    const list = new pb.AttrValue.ListValue()
    list.setIList([...attr.ints])
    message.setList(list)
  } else message.setTensor(tensorMessage(pb, attr.constant))
  return message
}

function shapeMessage(pb: Protobuf, dims: readonly number[]): Message {
  const shape = new pb.TensorShape()
  for (const size of dims) {
    const dim = new pb.TensorShape.Dim()
    dim.setSize(size)
    shape.addDim(dim)
  }
  return shape
}

function tensorMessage(
  pb: Protobuf,
  constant: { dtype: DType; dims: readonly number[]; values: ArrayLike<number> },
): Message {
  const tensor = new pb.Tensor()
  tensor.setDtype(dataTypes[constant.dtype])
  tensor.setTensorShape(shapeMessage(pb, constant.dims))
  const values = constant.dtype === 'float32' ? new Float32Array(constant.values) : new Int32Array(constant.values)
  tensor.setTensorContent(new Uint8Array(values.buffer))
  return tensor
}
