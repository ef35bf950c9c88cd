import type { GraphBuilder, Out } from './graph'

const float = { T: { type: 'float32' } } as const
const indexed = { T: { type: 'float32' }, Tidx: { type: 'int32' } } as const

/** The dims after broadcasting two arrays of equal rank or a scalar. */
function broadcast(a: readonly number[], b: readonly number[]): readonly number[] {
  if (a.length === 0) return b
  if (b.length === 0) return a
  const long = a.length >= b.length ? a : b
  const short = a.length >= b.length ? b : a
  return long.map((size, axis) => {
    const other = short[axis - (long.length - short.length)]
    return size === 1 && other !== undefined ? other : size
  })
}

function binary(op: string) {
  return (graph: GraphBuilder, a: Out, b: Out): Out => graph.add(op, [a, b], float, { dims: broadcast(a.dims, b.dims) })
}

export const add = binary('AddV2')
export const subtract = binary('Sub')
export const multiply = binary('Mul')
export const divide = binary('RealDiv')
export const maximum = binary('Maximum')
export const minimum = binary('Minimum')

export function unary(graph: GraphBuilder, op: string, x: Out): Out {
  return graph.add(op, [x], float, { dims: x.dims })
}

/**
 * `a · b`, each optionally transposed. A batch of one, because oneDNN's batched product takes its work space from
 * TensorFlow, where MatMul's takes and frees a large block of the system's at every call.
 */
export function matMul(graph: GraphBuilder, a: Out, b: Out, transpose: { a?: boolean; b?: boolean } = {}): Out {
  const [ar = -1, ac = -1] = a.dims
  const [br = -1, bc = -1] = b.dims
  const product = batchMatMul(graph, reshape(graph, a, [1, ar, ac]), reshape(graph, b, [1, br, bc]), transpose)
  return reshape(graph, product, product.dims.slice(1))
}

export function reshape(graph: GraphBuilder, x: Out, dims: readonly number[]): Out {
  return graph.add(
    'Reshape',
    [x, graph.ints(dims)],
    { T: { type: x.dtype }, Tshape: { type: 'int32' } },
    { dims, dtype: x.dtype },
  )
}

export function transpose(graph: GraphBuilder, x: Out, order: readonly number[]): Out {
  return graph.add(
    'Transpose',
    [x, graph.ints(order)],
    { ...float, Tperm: { type: 'int32' } },
    { dims: order.map((axis) => x.dims[axis] ?? -1) },
  )
}

/**
 * Zeros before and after each axis. PadV2 and not Pad: oneDNN's rewriting merges a Pad into the convolution that reads it,
 * and crashes where it is the kernel that was padded.
 */
export function pad(graph: GraphBuilder, x: Out, paddings: readonly (readonly [number, number])[]): Out {
  return padWith(graph, x, paddings, 0)
}

export function padWith(
  graph: GraphBuilder,
  x: Out,
  paddings: readonly (readonly [number, number])[],
  value: number,
): Out {
  const dims = x.dims.map((size, axis) => grown(size, paddings[axis]))
  const table = graph.constant('int32', [paddings.length, 2], paddings.flat())
  return graph.add('PadV2', [x, table, graph.scalar(value)], { ...float, Tpaddings: { type: 'int32' } }, { dims })
}

function grown(size: number, padding: readonly [number, number] | undefined): number {
  return size < 0 || !padding ? size : size + padding[0] + padding[1]
}

/** `sizes` of -1 reach to the end. */
export function slice(graph: GraphBuilder, x: Out, begin: readonly number[], sizes: readonly number[]): Out {
  const dims = sizes.map((size, axis) => {
    const whole = x.dims[axis] ?? -1
    return size >= 0 ? size : whole < 0 ? -1 : whole - (begin[axis] ?? 0)
  })
  const types = { T: { type: x.dtype }, Index: { type: 'int32' } } as const
  return graph.add('Slice', [x, graph.ints(begin), graph.ints(sizes)], types, { dims, dtype: x.dtype })
}

/** Every `steps[axis]`-th value of each axis, from the first on. */
export function everyNth(graph: GraphBuilder, x: Out, steps: readonly number[]): Out {
  const all = x.dims.map(() => 0)
  const mask = { int: 2 ** x.dims.length - 1 }
  const dims = x.dims.map((size, axis) => (size < 0 ? -1 : Math.ceil(size / (steps[axis] ?? 1))))
  return graph.add(
    'StridedSlice',
    [x, graph.ints(all), graph.ints(all), graph.ints(steps)],
    { ...float, Index: { type: 'int32' }, begin_mask: mask, end_mask: mask },
    { dims },
  )
}

/** `keep` leaves the axes there, with size 1. */
export function sum(graph: GraphBuilder, x: Out, axes: readonly number[], keep = false): Out {
  return reduce(graph, 'Sum', x, axes, keep)
}

export function mean(graph: GraphBuilder, x: Out, axes: readonly number[], keep = false): Out {
  return reduce(graph, 'Mean', x, axes, keep)
}

function reduce(graph: GraphBuilder, op: string, x: Out, axes: readonly number[], keep: boolean): Out {
  const dims = keep
    ? x.dims.map((size, axis) => (axes.includes(axis) ? 1 : size))
    : x.dims.filter((_, axis) => !axes.includes(axis))
  return graph.add(op, [x, graph.ints(axes)], { ...indexed, keep_dims: { bool: keep } }, { dims })
}

export function addAll(graph: GraphBuilder, terms: readonly Out[]): Out {
  const [first] = terms
  if (!first) throw new RangeError('a sum of nothing')
  if (terms.length === 1) return first
  // TensorFlow rewrites such a sum with a dependency on its term's node, which a fed term's placeholder cannot meet.
  if (terms.every(({ node, index }) => node === first.node && index === first.index))
    return multiply(graph, first, graph.scalar(terms.length))
  return graph.add('AddN', terms, { ...float, N: { int: terms.length } }, { dims: first.dims })
}

/** The sizes of `x` at run time, int32. */
export function sizesOf(graph: GraphBuilder, x: Out): Out {
  return graph.add(
    'Shape',
    [x],
    { T: { type: x.dtype }, out_type: { type: 'int32' } },
    { dims: [x.dims.length], dtype: 'int32' },
  )
}

/** int32 `[n, ...rest]`, where n is the batch of `x`, known at run time only. */
export function batchOf(graph: GraphBuilder, x: Out, rest: readonly number[]): Out {
  return concatenate(graph, [slice(graph, sizesOf(graph, x), [0], [1]), graph.ints(rest)], 0)
}

/** `a · b` over the last two axes; the axes before are broadcast. */
export function batchMatMul(graph: GraphBuilder, a: Out, b: Out, transpose: { a?: boolean; b?: boolean } = {}): Out {
  const rows = a.dims.at(transpose.a ? -1 : -2) ?? -1
  const columns = b.dims.at(transpose.b ? -2 : -1) ?? -1
  return graph.add(
    'BatchMatMulV2',
    [a, b],
    { ...float, adj_x: { bool: transpose.a ?? false }, adj_y: { bool: transpose.b ?? false } },
    { dims: [...broadcast(a.dims.slice(0, -2), b.dims.slice(0, -2)), rows, columns] },
  )
}

/** `a` where `x` is above 0, `b` elsewhere. */
export function wherePositive(graph: GraphBuilder, x: Out, a: Out, b: Out): Out {
  const positive = graph.add('Greater', [x, graph.scalar(0)], float, { dims: x.dims, dtype: 'bool' })
  return graph.add('SelectV2', [positive, a, b], float, { dims: x.dims })
}

export function cast(graph: GraphBuilder, x: Out, to: 'float32' | 'int32'): Out {
  return graph.add('Cast', [x], { SrcT: { type: x.dtype }, DstT: { type: to } }, { dims: x.dims, dtype: to })
}

export function identity(graph: GraphBuilder, x: Out, after: readonly string[] = []): Out {
  return graph.add('Identity', [x], { T: { type: x.dtype } }, { dims: x.dims, dtype: x.dtype }, after)
}

/** The same value in a node that TensorFlow's optimizers keep, unlike an Identity. */
export function snapshot(graph: GraphBuilder, x: Out): Out {
  return graph.add('Snapshot', [x], { T: { type: x.dtype } }, { dims: x.dims, dtype: x.dtype })
}

export function concatenate(graph: GraphBuilder, parts: readonly Out[], axis: number): Out {
  const [first] = parts
  if (!first) throw new RangeError('nothing to concatenate')
  const dims = first.dims.map((size, at) =>
    at === axis ? parts.reduce((total, part) => total + (part.dims[axis] ?? 0), 0) : size,
  )
  return graph.add(
    'ConcatV2',
    [...parts, graph.constant('int32', [], [axis])],
    { T: { type: first.dtype }, Tidx: { type: 'int32' }, N: { int: parts.length } },
    { dims, dtype: first.dtype },
  )
}

export function split(graph: GraphBuilder, x: Out, count: number, axis: number): Out[] {
  const dims = x.dims.map((size, at) => (at === axis ? size / count : size))
  return graph.addMany(
    'Split',
    [graph.constant('int32', [], [axis]), x],
    { ...float, num_split: { int: count } },
    Array.from({ length: count }, () => ({ dims })),
  )
}

/** The rows of `table` at `indices`. */
export function gather(graph: GraphBuilder, table: Out, indices: Out): Out {
  return graph.add(
    'GatherV2',
    [table, indices, graph.constant('int32', [], [0])],
    { Tparams: { type: table.dtype }, Tindices: { type: 'int32' }, Taxis: { type: 'int32' } },
    { dims: [-1, ...table.dims.slice(1)], dtype: table.dtype },
  )
}
