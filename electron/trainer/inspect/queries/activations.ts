import { AppError } from '../../../../shared/errors'
import type { ActivationsAnswer, MapsPage } from '../../../../shared/inspect/answers'
import { softmax } from '../../../../shared/inspect/metrics'
import type { QueryOf } from '../../../../shared/inspect/queries'
import { statisticsOf } from '../../../../shared/inspect/statistics'
import type { AnalyzedLayer } from '../../../../shared/network/analyze'
import type { LayerValues } from '../../engines/probe'
import { channelsOf, mapSize } from '../channels'
import { choosePicture, requireLayer, valuesOf, type Lens } from '../lens'

export function activations(lens: Lens, query: QueryOf<'activations'>): ActivationsAnswer {
  const { network, probe } = lens
  const { values, label } = choosePicture(lens, query.picture)
  const found = probe.activations(
    values,
    1,
    network.layers.map(({ node }) => node.id),
  )
  const logits = valuesOf(found, network.output.node.id).values.slice()
  return {
    layers: network.layers.map(({ node: { id, kind }, shape }) => ({
      layer: id,
      kind,
      shape,
      ...statisticsOf(valuesOf(found, id).values),
    })),
    pages: query.pages.map((page) => pageOf(requireLayer(lens, page.layer), valuesOf(found, page.layer), page)),
    logits,
    probabilities: Float32Array.from(softmax(logits)),
    label,
  }
}

/** Throws `invalid-input` where the page begins behind the last channel; one that ends there is shorter. */
function pageOf(
  layer: AnalyzedLayer,
  { values }: LayerValues,
  page: { readonly first: number; readonly count: number },
): MapsPage {
  const size = mapSize(layer.shape)
  const id = layer.node.id
  if (page.first >= size.channels) {
    throw new AppError(
      'invalid-input',
      `The layer "${id}" has ${size.channels} channels, so no page begins at ${page.first}.`,
      {
        fix: 'Begin at an earlier one.',
        params: { layer: id, first: page.first, channels: size.channels },
      },
    )
  }
  const count = Math.min(page.count, size.channels - page.first)
  const { height, width } = size
  return { layer: id, first: page.first, count, height, width, values: channelsOf(values, size, page.first, count) }
}
