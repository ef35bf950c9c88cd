import type { NamedTensor } from '../formats/tensors'
import type { OnnxNode } from './onnx-graph'

/**
 * Values of a model that are sizes, not pictures: `x.view(x.size(0), -1)` is written as Shape, Gather, Unsqueeze, Concat
 * and Reshape. They compute nothing of ours, so that they are neither layers nor worth a report.
 */
export class OnnxSizes {
  /** How many numbers each is; null where that is not known. */
  private readonly counts = new Map<string, number | null>()

  constructor(private readonly constants: ReadonlyMap<string, NamedTensor>) {}

  /** Whether the node only computes with sizes. */
  take({ op, inputs, outputs }: OnnxNode): boolean {
    const named = inputs.filter((name) => name !== '')
    const isArithmetic =
      named.some((name) => this.counts.has(name)) &&
      named.every((name) => this.counts.has(name) || this.isConstant(name))
    if (op !== 'Shape' && !isArithmetic) return false
    for (const name of outputs) this.counts.set(name, this.countOf(op, named))
    return true
  }

  count(name: string): number | null {
    return this.counts.get(name) ?? null
  }

  private isConstant(name: string): boolean {
    return this.constants.has(name)
  }

  private countOf(op: string, inputs: readonly string[]): number | null {
    const [first = '', second = ''] = inputs
    if (op === 'Gather') return this.constants.get(second)?.values.length ?? null
    if (op === 'Concat') {
      const parts = inputs.map((name) => this.counts.get(name) ?? this.constants.get(name)?.values.length ?? null)
      return parts.reduce<number | null>((sum, part) => (sum === null || part === null ? null : sum + part), 0)
    }
    return ['Unsqueeze', 'Squeeze', 'Cast', 'Mul', 'Div', 'Floor', 'Identity'].includes(op) ? this.count(first) : null
  }
}
