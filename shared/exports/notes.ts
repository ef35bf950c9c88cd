import type { AnalyzedLayer } from '../network/analyze'
import type { ExportFormatId } from './exports'

/** What a format has no word for, so that it is written in others that compute the same. A closed list. */
export const exportNoteCodes = ['matrices', 'spread-kernels', 'whole-kernels', 'masked-pools', 'plain-dropout'] as const
export type ExportNoteCode = (typeof exportNoteCodes)[number]

export interface ExportNote {
  readonly code: ExportNoteCode
  /** Ids of the layers concerned, in the network's order. */
  readonly layers: readonly string[]
}

type Test = (layer: AnalyzedLayer) => boolean

const isKind =
  (...kinds: readonly string[]): Test =>
  ({ kind }) =>
    kinds.includes(kind.kind)
const both =
  (a: Test, b: Test): Test =>
  (layer) =>
    a(layer) && b(layer)

function pair({ params }: AnalyzedLayer, name: string): readonly [number, number] {
  const value = params[name]
  return Array.isArray(value) ? [Number(value[0]), Number(value[1])] : [1, 1]
}

const dilated: Test = (layer) => pair(layer, 'dilation').some((step) => step > 1)
const strided: Test = (layer) => pair(layer, 'stride').some((step) => step > 1)
const grouped: Test = ({ params }) => Number(params['groups'] ?? 1) > 1
const paddedPool: Test = (layer) =>
  layer.params['ceil_mode'] === true || pair(layer, 'padding').some((side) => side > 0)

/** Bins of unequal size, means that leave padding out, and blended pixels are products with fixed matrices. */
function isMatrix(layer: AnalyzedLayer, blends: boolean): boolean {
  const [height = 1, width = 1] = layer.inputShapes[0] ?? []
  switch (layer.kind.kind) {
    case 'adaptive_avg_pool2d': {
      const [rows, columns] = pair(layer, 'output_size')
      return height % rows !== 0 || width % columns !== 0
    }
    case 'avg_pool2d':
      return layer.params['ceil_mode'] === true || (blends && layer.params['count_include_pad'] === false)
    case 'upsample': {
      const [rows = 1, columns = 1] = layer.shape
      if (!blends) return false
      return layer.params['mode'] === 'bilinear' || rows % height !== 0 || columns % width !== 0
    }
    default:
      return false
  }
}

const keras: Readonly<Partial<Record<ExportNoteCode, Test>>> = {
  matrices: (layer) => isMatrix(layer, true),
  'spread-kernels': (layer) =>
    both(isKind('conv2d', 'separable_conv2d'), both(dilated, strided))(layer) ||
    both(isKind('conv_transpose2d'), dilated)(layer),
  'whole-kernels': both(isKind('conv_transpose2d'), grouped),
  'masked-pools': both(isKind('max_pool2d'), (layer) => paddedPool(layer) || dilated(layer)),
}

const byFormat: Readonly<Partial<Record<ExportFormatId, Partial<Record<ExportNoteCode, Test>>>>> = {
  onnx: { matrices: (layer) => isMatrix(layer, false) },
  keras,
  tfjs: {
    ...keras,
    'spread-kernels': (layer) =>
      (keras['spread-kernels']?.(layer) ?? false) || both(isKind('separable_conv2d'), dilated)(layer),
    'whole-kernels': both(isKind('conv2d', 'conv_transpose2d'), grouped),
    'plain-dropout': isKind('dropout2d'),
  },
}

/** What a person should know before a network is written in this format; nothing of it changes what it computes. */
export function exportNotes(format: ExportFormatId, layers: readonly AnalyzedLayer[]): ExportNote[] {
  const tests = byFormat[format] ?? {}
  return exportNoteCodes.flatMap((code) => {
    const concerned = layers.filter((layer) => tests[code]?.(layer)).map(({ node }) => node.id)
    return concerned.length > 0 ? [{ code, layers: concerned }] : []
  })
}
