import { add, type Tensor } from '@tensorflow/tfjs-core'

/** A batch of values, or a weight, on its way through the network. */
export interface Value {
  readonly tensor: Tensor
  /** A weight that is trained, or computed from one: gradients flow back into it. */
  readonly tracked: boolean
  /** What `biasAdd` put together, for a BatchNorm that takes the bias out again. */
  readonly sum?: { readonly x: Value; readonly bias: Value }
}

/** Gradients for each input, in order; null for those that are not tracked. */
export type Backward = (dy: Tensor) => readonly (Tensor | null)[]

/** Reverse-mode differentiation: remembers each operation of one forward pass and runs them backwards. */
export interface Tape {
  /** The operation's result as a value; remembered if any of its inputs is tracked. */
  record(tensor: Tensor, inputs: readonly Value[], backward: Backward): Value
  /** The gradient of every tracked value that the last one depends on, given `dy`, the gradient of that one. */
  gradients(last: Value, dy: Tensor): ReadonlyMap<Value, Tensor>
}

interface Entry {
  readonly output: Value
  readonly inputs: readonly Value[]
  readonly backward: Backward
}

export function createTape(): Tape {
  const entries: Entry[] = []

  function record(tensor: Tensor, inputs: readonly Value[], backward: Backward): Value {
    const output = { tensor, tracked: inputs.some((input) => input.tracked) }
    if (output.tracked) entries.push({ output, inputs, backward })
    return output
  }

  function gradients(last: Value, dy: Tensor): ReadonlyMap<Value, Tensor> {
    const found = new Map<Value, Tensor>([[last, dy]])
    for (const { output, inputs, backward } of entries.toReversed()) {
      const gradient = found.get(output)
      if (!gradient) continue
      const parts = backward(gradient)
      for (const [index, input] of inputs.entries()) {
        const part = parts[index]
        if (!part) continue
        const before = found.get(input)
        found.set(input, before ? add(before, part) : part)
      }
    }
    return found
  }

  return { record, gradients }
}

export function constant(tensor: Tensor): Value {
  return { tensor, tracked: false }
}
