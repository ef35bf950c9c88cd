import type { WeightSpec } from '../../shared/layers/define'
import type { SoundNetwork } from '../../shared/network/analyze'
import type { Shape } from '../../shared/network/shape'
import type { Ops } from '../../shared/ops/ops'

export interface Tracing<T> {
  readonly ops: Ops<T>
  /** A layer's turn: what the ops are asked for from now on belongs to it. */
  enter(layer: string): void
  /** What enters the network; `layer` is the input layer's id. */
  input(layer: string, shape: Shape): T
  /** `name` as PyTorch has it: `conv1.weight`. */
  weight(name: string, spec: WeightSpec): T
  /** A layer has given its output. */
  leave?(layer: string, output: T): void
}

/** Runs every layer's `forward` once, on a format's own symbols. Gives what leaves the network. */
export function traceNetwork<T>(network: SoundNetwork, tracing: Tracing<T>): T {
  const outputs = new Map<string, T>()
  for (const { node, kind, params, inputShapes, weights, shape } of network.layers) {
    tracing.enter(node.id)
    const specs = new Map(weights.map((spec) => [spec.name, spec]))
    const [first, ...rest] = node.inputs.map((id) => found(outputs, id))
    const output =
      first === undefined
        ? tracing.input(node.id, shape)
        : kind.forward(tracing.ops, {
            layer: node.id,
            inputs: [first, ...rest],
            inputShapes,
            params,
            weight: (name) => tracing.weight(`${node.id}.${name}`, found(specs, name)),
          })
    outputs.set(node.id, output)
    tracing.leave?.(node.id, output)
  }
  return found(outputs, network.output.node.id)
}

function found<V>(map: ReadonlyMap<string, V>, key: string): V {
  const value = map.get(key)
  if (value === undefined) throw new RangeError(`"${key}" was used before it was there`)
  return value
}
