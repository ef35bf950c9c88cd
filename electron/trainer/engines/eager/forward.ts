import { getBackend, setBackend, tidy } from '@tensorflow/tfjs-core'
import type { SoundNetwork } from '../../../../shared/network/analyze'
import type { Ops } from '../../../../shared/ops/ops'
import { weightName } from '../weights/names'
import type { Tape, Value } from './tape'

/** Frees every tensor that `work` makes. tfjs has one backend for the whole process; another engine may have set its own. */
export function inBackend<R>(backend: string, work: () => R): R {
  if (getBackend() !== backend) void setBackend(backend)
  let result: R | undefined
  tidy(() => {
    result = work()
  })
  return result as R
}

export interface ForwardPass {
  readonly network: SoundNetwork
  readonly ops: Ops<Value>
  readonly tape: Tape
  /** A batch of pictures. */
  readonly pictures: Value
  /** By PyTorch's names. */
  readonly weights: ReadonlyMap<string, Value>
  /** Runs these layers only; all where absent. */
  readonly only?: ReadonlySet<string>
}

/** The output of every layer that runs, each a value of its own. */
export function forward({ network, ops, tape, pictures, weights, only }: ForwardPass): ReadonlyMap<string, Value> {
  const outputs = new Map<string, Value>()
  for (const { node, kind, params, inputShapes } of network.layers) {
    if (only && !only.has(node.id)) continue
    const [first = pictures, ...rest] = node.inputs.map((id) => required(outputs, id))
    const output = kind.forward(ops, {
      layer: node.id,
      inputs: [first, ...rest],
      inputShapes,
      params,
      weight: (name) => required(weights, weightName(node.id, name)),
    })
    outputs.set(node.id, node.inputs.length > 0 && output === first ? handedOn(tape, output) : output)
  }
  return outputs
}

/** A layer that does nothing gives its input; what others do with that input is not the gradient of the layer's output. */
function handedOn(tape: Tape, value: Value): Value {
  const own = tape.record(value.tensor, [value], (dy) => [dy])
  return value.sum ? Object.assign(own, { sum: value.sum }) : own
}

export function required<K, V>(map: ReadonlyMap<K, V>, key: K): V {
  const value = map.get(key)
  if (value === undefined) throw new RangeError(`there is no "${String(key)}"`)
  return value
}
