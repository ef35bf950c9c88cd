import type { AnalyzedLayer, NetworkAnalysis } from '../../../shared/network/analyze'
import { receptiveFields, type ReceptiveField } from '../../../shared/network/receptive-field'
import { asImage } from '../../../shared/network/shape'

/** What a unit can tell by how much of the picture it sees. */
export const stages = ['edges', 'parts', 'wholes'] as const
export type Stage = (typeof stages)[number]

/** `after`: what leaves the activations; `pairs`: also what enters them; `all`: every layer. */
export const rowChoices = ['after', 'pairs', 'all'] as const
export type RowChoice = (typeof rowChoices)[number]

/** Layers one below another, or edges, parts and wholes side by side. */
export type MapArrangement = 'list' | 'columns'
/** One scale for all maps of a layer, or one for each map. */
export type MapScale = 'layer' | 'map'

export interface MapRow {
  readonly layer: AnalyzedLayer
  /** Rows of one block belong to one convolution or dense layer, and to what is done with its output. */
  readonly block: string
  readonly field: ReceptiveField
  readonly stage: Stage
  /** Of channels, or of features. */
  readonly channels: number
  /** 1 for features. */
  readonly height: number
  readonly width: number
}

/** Below these shares of the picture's side a unit sees edges, and parts. */
const edgesShare = 0.25
const partsShare = 0.7

const beginsBlock = new Set(['convolution', 'dense', 'merge'])
/** At inference they change nothing, or just where values stand. */
const silent = new Set(['shape', 'regularization', 'input'])

/** The layers whose maps are shown, in order; the input is not among them. */
export function mapRows(network: NetworkAnalysis, choice: RowChoice): readonly MapRow[] {
  const blocks = blocksOf(network)
  const fields = receptiveFields(network)
  const picture = asImage(network.input?.shape ?? [])
  const hasActivations = network.layers.some(isActivation)
  return blocks.flatMap(({ head, layers }, index) => {
    const isEnd = index === blocks.length - 1
    return chosen(layers, choice, isEnd || !hasActivations).map((layer) => {
      const field = fields.get(layer.node.id) ?? { size: [1, 1], jump: [1, 1], offset: [0, 0], whole: false }
      return { layer, block: head, field, stage: stageOf(field, picture), ...sizes(layer) }
    })
  })
}

function isActivation({ kind }: AnalyzedLayer): boolean {
  return kind.category === 'activation'
}

interface Block {
  readonly head: string
  readonly layers: readonly AnalyzedLayer[]
}

function blocksOf(network: NetworkAnalysis): readonly Block[] {
  const blocks: { head: string; layers: AnalyzedLayer[] }[] = []
  for (const layer of network.layers) {
    const last = blocks.at(-1)
    if (layer.kind.category === 'input') continue
    if (!last || beginsBlock.has(layer.kind.category)) blocks.push({ head: layer.node.id, layers: [layer] })
    else last.layers.push(layer)
  }
  return blocks
}

/** `needsOne`: something is shown of the block also where it has no activation. */
function chosen(layers: readonly AnalyzedLayer[], choice: RowChoice, needsOne: boolean): readonly AnalyzedLayer[] {
  if (choice === 'all') return layers
  const kept = layers.flatMap((layer, index) => {
    if (!isActivation(layer)) return []
    const before = layers[index - 1]
    return choice === 'pairs' && before ? [before, layer] : [layer]
  })
  // The last dense layer has no activation: its output is the answer.
  return kept.length > 0 || !needsOne ? kept : layers.filter(({ kind }) => !silent.has(kind.category)).slice(-1)
}

function stageOf(field: ReceptiveField, picture: { height: number; width: number } | null): Stage {
  if (field.whole || !picture) return 'wholes'
  const share = Math.max(field.size[0] / picture.height, field.size[1] / picture.width)
  if (share < edgesShare) return 'edges'
  return share < partsShare ? 'parts' : 'wholes'
}

function sizes({ shape }: AnalyzedLayer) {
  const image = asImage(shape)
  return image ?? { height: 1, width: 1, channels: shape[0] ?? 1 }
}
