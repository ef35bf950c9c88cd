import type { AnalyzedLayer, NetworkAnalysis } from './analyze'

/** What one output of a layer sees of the picture, in pixels, `[vertical, horizontal]`. */
export interface ReceptiveField {
  readonly size: readonly [number, number]
  /** Pixels between the fields of two neighbouring outputs; 0 where all outputs see the same. */
  readonly jump: readonly [number, number]
  /** First row and column that output (0, 0) sees; negative where it begins in the padding. */
  readonly offset: readonly [number, number]
  /** Whether it is at least as large as the picture. */
  readonly whole: boolean
}

/** Along one axis output `i` sees the pixels `i · jump + first` to `i · jump + last`. */
interface Reach {
  readonly jump: number
  readonly first: number
  readonly last: number
}

type Reaches = readonly [Reach, Reach]

const onePixel: Reach = { jump: 1, first: 0, last: 0 }

/**
 * The receptive field of every layer of the flat network, by id (Araujo, Norris and Sim, "Computing Receptive Fields of
 * Convolutional Neural Networks", Distill 2019): a window of `k` values, `d` apart, that starts at `o` and moves by `s` makes
 * `first += o · jump`, `last += (o + (k - 1) · d) · jump`, `jump *= s`. Where branches meet it is the union of theirs. Dense
 * layers see everything. What normalisations read of the whole picture or batch is not counted, as is usual.
 */
export function receptiveFields(analysis: NetworkAnalysis): ReadonlyMap<string, ReceptiveField> {
  const [height = 1, width = 1] = analysis.input?.shape ?? []
  const reaches = new Map<string, Reaches>()
  const everything: Reaches = [whole(height), whole(width)]
  for (const layer of analysis.layers) reaches.set(layer.node.id, reachOf(layer, reaches, everything))
  return new Map([...reaches].map(([id, reach]) => [id, fieldOf(reach, [height, width])]))
}

function whole(size: number): Reach {
  return { jump: 0, first: 0, last: size - 1 }
}

function reachOf(layer: AnalyzedLayer, known: ReadonlyMap<string, Reaches>, everything: Reaches): Reaches {
  const before = layer.node.inputs.map((id) => known.get(id) ?? everything)
  if (before.length === 0) return [onePixel, onePixel]
  if (layer.kind.category === 'dense') return everything
  const vertical = union(before.map(([reach]) => reach))
  const horizontal = union(before.map(([, reach]) => reach))
  const window = layer.kind.window(layer.params, layer.inputShapes)
  if (!window) return [vertical, horizontal]
  function through(reach: Reach, axis: 0 | 1): Reach {
    const [start, span] = [window?.offset[axis] ?? 0, ((window?.kernel[axis] ?? 1) - 1) * (window?.dilation[axis] ?? 1)]
    return {
      jump: reach.jump * (window?.stride[axis] ?? 1),
      first: reach.first + start * reach.jump,
      last: reach.last + (start + span) * reach.jump,
    }
  }
  return [through(vertical, 0), through(horizontal, 1)]
}

/** Branches of one network that meet have the same jump, but for one that sees everything (squeeze and excitation). */
function union(reaches: readonly Reach[]): Reach {
  return {
    jump: Math.max(...reaches.map(({ jump }) => jump)),
    first: Math.min(...reaches.map(({ first }) => first)),
    last: Math.max(...reaches.map(({ last }) => last)),
  }
}

function fieldOf([vertical, horizontal]: Reaches, picture: readonly [number, number]): ReceptiveField {
  const size = [vertical.last - vertical.first + 1, horizontal.last - horizontal.first + 1] as const
  return {
    size,
    jump: [vertical.jump, horizontal.jump],
    offset: [vertical.first, horizontal.first],
    whole: size[0] >= picture[0] && size[1] >= picture[1],
  }
}
