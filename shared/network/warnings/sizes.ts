import { receptiveFields } from '../receptive-field'
import { asImage } from '../shape'
import type { AnalyzedLayer } from '../analyze'
import { isBatchNorm, pairParam, times, type NetworkWarning, type WarningContext } from './rule'

/** What the last convolution does not see in one piece, only layers behind it can put together. */
export function receptiveField({ analysis }: WarningContext): NetworkWarning[] {
  const last = analysis.layers.findLast(({ kind }) => kind.category === 'convolution')
  const field = last && receptiveFields(analysis).get(last.node.id)
  const picture = asImage(analysis.input?.shape ?? [])
  if (!last || !field || !picture || field.whole) return []
  const layer = last.node.id
  const params = { layer, field: times(field.size), picture: times([picture.height, picture.width]) }
  const message = `The last convolution "${layer}" sees ${params.field} of the ${params.picture} pixels: larger things it sees only in part.`
  return [{ code: 'receptive-field', layerId: layer, level: 'hint', message, params }]
}

const largestShare = 0.9

/** One dense layer that holds nearly everything the network can learn. */
export function largeDense({ analysis }: WarningContext): NetworkWarning[] {
  const total = analysis.parameterCount
  const weighted = analysis.layers.filter(({ parameterCount }) => parameterCount > 0)
  if (weighted.length < 2) return []
  return weighted.flatMap(({ kind, node: { id }, parameterCount: count }) => {
    if (kind.category !== 'dense' || count <= largestShare * total) return []
    const share = Math.round((100 * count) / total)
    const message = `"${id}" holds ${count} of ${total} parameters (${share} %): it learns slowly and overfits easily.`
    return [
      {
        code: 'large-dense',
        layerId: id,
        level: 'warning',
        message,
        params: { layer: id, count, total, share },
      } as const,
    ]
  })
}

/** Rows and columns at the end that no pooling window reaches. */
export function poolDrops({ analysis }: WarningContext): NetworkWarning[] {
  return analysis.layers.flatMap((layer) => {
    const [kernel, stride, image] = [pairParam(layer, 'kernel_size'), pairParam(layer, 'stride'), entering(layer)]
    if (layer.kind.category !== 'pooling' || !kernel || !stride || !image || layer.params.ceil_mode === true) return []
    const [padding, dilation] = [pairParam(layer, 'padding') ?? [0, 0], pairParam(layer, 'dilation') ?? [1, 1]]
    const [rows, columns] = ([0, 1] as const).map((axis) => {
      const size = axis === 0 ? image.height : image.width
      const rest = (size + 2 * padding[axis] - dilation[axis] * (kernel[axis] - 1) - 1) % stride[axis]
      return Math.max(0, rest - padding[axis])
    })
    if (!rows && !columns) return []
    const params = { layer: layer.node.id, rows: rows ?? 0, columns: columns ?? 0 }
    const message = `"${params.layer}" leaves out the last ${params.rows} rows and ${params.columns} columns of ${image.height} × ${image.width}.`
    return [{ code: 'pool-drops', layerId: params.layer, level: 'hint', message, params }]
  })
}

/** A window that jumps further than it reaches never sees what lies between. */
export function strideSkips(context: WarningContext): NetworkWarning[] {
  return context.analysis.layers.flatMap((layer) => {
    const [kernel, stride] = [pairParam(layer, 'kernel_size'), pairParam(layer, 'stride')]
    if (!kernel || !stride || layer.kind.kind === 'conv_transpose2d' || isProjection(layer, context)) return []
    const dilation = pairParam(layer, 'dilation') ?? [1, 1]
    const span = ([0, 1] as const).map((axis) => dilation[axis] * (kernel[axis] - 1) + 1)
    if (stride[0] <= (span[0] ?? 1) && stride[1] <= (span[1] ?? 1)) return []
    const params = { layer: layer.node.id, stride: times(stride), kernel: times(span) }
    const message = `"${params.layer}" moves by ${params.stride} with a window of ${params.kernel}: it skips pixels.`
    return [{ code: 'stride-skips', layerId: params.layer, level: 'warning', message, params }]
  })
}

/** The 1 × 1 convolution of a skip connection, whose skipped pixels the other branch sees (He et al. 2016). */
function isProjection(layer: AnalyzedLayer, { consumers }: WarningContext): boolean {
  const next = consumers.get(layer.node.id) ?? []
  const after = next.flatMap((consumer) =>
    isBatchNorm(consumer) ? (consumers.get(consumer.node.id) ?? []) : [consumer],
  )
  return after.length > 0 && after.every(({ kind }) => kind.category === 'merge')
}

/** Only thanks to the padding does such a kernel fit; most of it meets zeros. */
export function kernelBeyondPicture({ analysis }: WarningContext): NetworkWarning[] {
  return analysis.layers.flatMap((layer) => {
    const [kernel, image] = [pairParam(layer, 'kernel_size'), entering(layer)]
    if (layer.kind.category !== 'convolution' || layer.kind.kind === 'conv_transpose2d' || !kernel || !image) return []
    const dilation = pairParam(layer, 'dilation') ?? [1, 1]
    const span = ([0, 1] as const).map((axis) => dilation[axis] * (kernel[axis] - 1) + 1)
    if ((span[0] ?? 1) <= image.height && (span[1] ?? 1) <= image.width) return []
    const params = { layer: layer.node.id, kernel: times(span), picture: times([image.height, image.width]) }
    const message = `The kernel of "${params.layer}" spans ${params.kernel}, more than the ${params.picture} that enter: the rest meets padding.`
    return [{ code: 'kernel-beyond-picture', layerId: params.layer, level: 'warning', message, params }]
  })
}

function entering(layer: AnalyzedLayer) {
  return asImage(layer.inputShapes[0] ?? [])
}
