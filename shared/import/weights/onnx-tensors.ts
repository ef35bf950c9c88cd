import { readOnnx } from '../onnx-graph'
import type { FileTensor } from './file'
import { splitName, type WeightRole } from './names'

/** What an operator's inputs are, by their places. */
const operands: Readonly<Record<string, readonly (WeightRole | null)[]>> = {
  Conv: [null, 'weight', 'bias'],
  ConvTranspose: [null, 'weight', 'bias'],
  Gemm: [null, 'weight', 'bias'],
  BatchNormalization: [null, 'weight', 'bias', 'running_mean', 'running_var'],
  InstanceNormalization: [null, 'weight', 'bias'],
  LayerNormalization: [null, 'weight', 'bias'],
  GroupNormalization: [null, 'weight', 'bias'],
  PRelu: [null, 'weight'],
  MatMul: ['weight', 'weight'],
  Add: ['bias', 'bias'],
  Mul: ['weight', 'weight'],
}

/** Weights of an ONNX model, in the order in which its operators use them, with what they are there. */
export function onnxTensors(bytes: Uint8Array, source: string): FileTensor[] {
  const { nodes, initializers } = readOnnx(bytes, source)
  const found = new Map<string, FileTensor>()
  for (const [place, node] of nodes.entries()) {
    const known = operands[node.op]
    if (!known) continue
    for (const [index, name] of node.inputs.entries()) {
      const tensor = initializers.get(name)
      if (!tensor || found.has(name)) continue
      const { layer, role } = splitName(name)
      // A name such as `conv1.weight` says more than the place, since Add may follow MatMul for a bias.
      const group = role === null ? node.name || `${node.op} ${place + 1}` : layer
      found.set(name, { name, ...tensor, role: role ?? known[index] ?? null, group })
    }
  }
  return [...found.values()]
}
