import { AppError } from '../../../../shared/errors'
import type { ActivationsAnswer, LayerStatistics, MapsPage } from '../../../../shared/inspect/answers'
import type { QueryOf } from '../../../../shared/inspect/queries'
import type { AnalyzedLayer } from '../../../../shared/network/analyze'
import type { LayerValues } from '../../engines/probe'
import { channelsOf, mapSize } from '../channels'
import { softmax } from '../classes'
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
    layers: network.layers.map((layer) => statisticsOf(layer, valuesOf(found, layer.node.id))),
    pages: query.pages.map((page) => pageOf(requireLayer(lens, page.layer), valuesOf(found, page.layer), page)),
    logits,
    probabilities: softmax(logits),
    label,
  }
}

function statisticsOf({ node, shape }: AnalyzedLayer, { values }: LayerValues): LayerStatistics {
  const count = values.length
  let [sum, min, max, zeros] = [0, Infinity, -Infinity, 0]
  // By index: many values, and iterators cost several times as much.
  for (let at = 0; at < count; at++) {
    const value = values[at]!
    sum += value
    if (value < min) min = value
    if (value > max) max = value
    if (value === 0) zeros++
  }
  const mean = sum / count
  let squares = 0
  for (let at = 0; at < count; at++) squares += (values[at]! - mean) ** 2
  const standardDeviation = Math.sqrt(squares / count)
  return { layer: node.id, kind: node.kind, shape, mean, standardDeviation, min, max, zeros: zeros / count }
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
