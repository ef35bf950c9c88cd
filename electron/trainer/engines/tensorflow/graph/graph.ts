export type DType = 'float32' | 'int32' | 'uint8' | 'bool' | 'resource'

/** One output of one node. `dims` has -1 where the batch stands. */
export interface Out {
  readonly node: string
  readonly index: number
  readonly dims: readonly number[]
  readonly dtype: DType
}

export type Attr =
  | { readonly type: DType }
  | { readonly int: number }
  | { readonly float: number }
  | { readonly bool: boolean }
  | { readonly text: string }
  | { readonly ints: readonly number[] }
  | { readonly shape: readonly number[] }
  | {
      readonly constant: { readonly dtype: DType; readonly dims: readonly number[]; readonly values: ArrayLike<number> }
    }

export interface GraphNode {
  readonly name: string
  readonly op: string
  readonly inputs: readonly string[]
  readonly attrs: Readonly<Record<string, Attr>>
}

export interface OutSpec {
  readonly dims: readonly number[]
  readonly dtype?: DType
}

/**
 * Collects the nodes of one TensorFlow graph. Only ops that TensorFlow 2.7 has too may be added, with every attribute
 * that has no default there.
 */
export class GraphBuilder {
  readonly nodes: GraphNode[] = []
  readonly #counts = new Map<string, number>()
  readonly #constants = new Map<string, Out>()
  #scope = ''

  /** Prefixes the names of all nodes that `build` adds, so that profiles can be read by layer. */
  within<Result>(scope: string, build: () => Result): Result {
    const before = this.#scope
    // TensorFlow refuses names that begin with it, which layers may have.
    this.#scope = `${scope.replace(/^_/, 'l_')}/`
    try {
      return build()
    } finally {
      this.#scope = before
    }
  }

  /** Adds a node with any number of outputs. `after` are nodes that must have run before. */
  addMany(
    op: string,
    inputs: readonly Out[],
    attrs: Readonly<Record<string, Attr>>,
    outputs: readonly OutSpec[],
    after: readonly string[] = [],
  ): Out[] {
    const name = this.#uniqueName(op)
    const names = inputs.map((input) => (input.index === 0 ? input.node : `${input.node}:${input.index}`))
    this.nodes.push({ name, op, inputs: [...names, ...after.map((node) => `^${node}`)], attrs })
    return outputs.map((spec, index) => ({ node: name, index, dims: spec.dims, dtype: spec.dtype ?? 'float32' }))
  }

  add(
    op: string,
    inputs: readonly Out[],
    attrs: Readonly<Record<string, Attr>>,
    output: OutSpec,
    after: readonly string[] = [],
  ): Out {
    const [out] = this.addMany(op, inputs, attrs, [output], after)
    if (!out) throw new RangeError('a node without outputs')
    return out
  }

  /** Adds a node that only acts; gives its name for `after`. */
  act(
    op: string,
    inputs: readonly Out[],
    attrs: Readonly<Record<string, Attr>>,
    after: readonly string[] = [],
  ): string {
    this.addMany(op, inputs, attrs, [], after)
    const node = this.nodes.at(-1)
    if (!node) throw new RangeError('no node was added')
    return node.name
  }

  /** A constant; equal ones are shared. */
  constant(dtype: DType, dims: readonly number[], values: readonly number[]): Out {
    const key = `${dtype}|${dims.join(',')}|${values.join(',')}`
    let out = this.#constants.get(key)
    if (!out) {
      const scope = this.#scope
      this.#scope = ''
      out = this.add(
        'Const',
        [],
        { dtype: { type: dtype }, value: { constant: { dtype, dims, values } } },
        { dims, dtype },
      )
      this.#scope = scope
      this.#constants.set(key, out)
    }
    return out
  }

  scalar(value: number): Out {
    return this.constant('float32', [], [value])
  }

  ints(values: readonly number[]): Out {
    return this.constant('int32', [values.length], values)
  }

  /** `[size]`, all the same. */
  filled(size: number, value: number): Out {
    return this.constant('float32', [size], Array<number>(size).fill(value))
  }

  #uniqueName(op: string): string {
    const base = `${this.#scope}${op}`
    const count = this.#counts.get(base) ?? 0
    this.#counts.set(base, count + 1)
    return count === 0 ? base : `${base}_${count}`
  }
}

/** As sessions name it: `node:index`. */
export function outName(out: Out): string {
  return `${out.node}:${out.index}`
}
