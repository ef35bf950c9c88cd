import type { AnalyzedLayer, NetworkAnalysis } from '../../../shared/network/analyze'

/** What one output of a layer sees of the picture, in pixels; `all` once a layer looks at everything. */
export type ReceptiveField = { readonly size: readonly [number, number] } | 'all'

interface Reach {
  readonly size: readonly [number, number]
  /** Distance in pixels between two neighbouring outputs. */
  readonly jump: readonly [number, number]
}

/**
 * The receptive field of every layer: `r = r_in + (kernel - 1) · dilation · jump`, `jump = jump_in · stride` (Araujo, Norris
 * and Sim 2019). Where branches meet, the larger counts.
 */
export function receptiveFields(analysis: NetworkAnalysis): ReadonlyMap<string, ReceptiveField> {
  const reaches = new Map<string, Reach | 'all'>()
  for (const layer of analysis.layers) reaches.set(layer.node.id, reachOf(layer, reaches))
  const [height = 1, width = 1] = analysis.input?.shape ?? []
  const fields = new Map<string, ReceptiveField>()
  for (const [id, reach] of reaches) {
    const whole = reach === 'all' || (reach.size[0] >= height && reach.size[1] >= width)
    fields.set(id, whole ? 'all' : { size: reach.size })
  }
  return fields
}

function reachOf(layer: AnalyzedLayer, known: ReadonlyMap<string, Reach | 'all'>): Reach | 'all' {
  const before = layer.node.inputs.map((id) => known.get(id) ?? 'all')
  if (layer.kind.category === 'dense' || before.includes('all')) return 'all'
  const reaches = before.filter((reach) => reach !== 'all')
  const largest = (pick: (reach: Reach) => number) => Math.max(1, ...reaches.map(pick))
  const size = [largest((r) => r.size[0]), largest((r) => r.size[1])] as const
  const jump = [largest((r) => r.jump[0]), largest((r) => r.jump[1])] as const
  const window = layer.kind.window(layer.params, layer.inputShapes)
  if (!window) return { size, jump }
  const { kernel, dilation, stride } = window
  return {
    size: [size[0] + (kernel[0] - 1) * dilation[0] * jump[0], size[1] + (kernel[1] - 1) * dilation[1] * jump[1]],
    jump: [jump[0] * stride[0], jump[1] * stride[1]],
  }
}
