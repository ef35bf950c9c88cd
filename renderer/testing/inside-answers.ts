import type { ActivationsAnswer, ConvolutionAnswer, InspectAnswer, KernelsAnswer } from '../../shared/inspect/answers'
import type { InspectQuery, QueryOf } from '../../shared/inspect/queries'
import type { InspectSource } from '../../shared/inspect/source'
import { outputShape, type ConvolutionCase } from '../../shared/convolution/case'
import { convolve } from '../../shared/convolution/forward'
import { AppError } from '../../shared/errors'
import conv2d from '../../shared/layers/kinds/conv2d'
import { resolvePadding } from '../../shared/layers/params'
import { analyzeNetwork, type NetworkAnalysis } from '../../shared/network/analyze'
import { elementCount } from '../../shared/network/shape'
import { createRandom } from '../../shared/training/random'
import { statisticsOf } from '../../shared/inspect/statistics'
import { referenceNetwork } from './samples'

// Answers of the right shapes from seeded noise, for tests of what the window does with them.

/** Values of one layer that depend on its name, the moment and the picture. */
function noise(count: number, ...words: (string | number)[]): Float32Array {
  const random = createRandom(...words)
  return Float32Array.from({ length: count }, () => random.uniform() * 2 - 1)
}

function momentWord({ moment }: InspectSource): string {
  return moment.type === 'now' ? 'now' : `epoch ${moment.epoch}`
}

export function sampleAnswer(
  source: InspectSource,
  query: InspectQuery,
  network: NetworkAnalysis = analyzeNetwork(referenceNetwork()),
): InspectAnswer {
  if (query.type === 'kernels') return kernels(source, query, network)
  if (query.type === 'convolution') return convolution(source, query, network)
  if (query.type === 'activations') return activations(source, query, network)
  throw new AppError('not-found', `Samples answer no question of the type ${query.type}.`)
}

function kernels(source: InspectSource, { layer }: QueryOf<'kernels'>, network: NetworkAnalysis): KernelsAnswer {
  const shape = network.byId.get(layer)?.weights[0]?.shape
  if (!shape) throw new AppError('not-found', `There is no layer ${layer}.`)
  return { layer, shape, values: noise(elementCount(shape), layer, momentWord(source)) }
}

/** What enters is noise, what leaves is computed from it. */
function convolution(
  source: InspectSource,
  { layer: id, picture }: QueryOf<'convolution'>,
  network: NetworkAnalysis,
): ConvolutionAnswer {
  const layer = network.byId.get(id)
  if (layer?.kind.kind !== 'conv2d') throw new AppError('not-found', `There is no convolution ${id}.`)
  const params = conv2d.params.parse(layer.params)
  const [height = 1, width = 1, channels = 1] = layer.inputShapes[0] ?? []
  const kernelShape = [params.out_channels, channels / params.groups, ...params.kernel_size] as const
  const seen = picture.type === 'dataset' ? `${picture.split} ${picture.index}` : picture.values.join(' ')
  const input = noise(height * width * channels, 'input', id, momentWord(source), seen)
  const kernel = noise(elementCount(kernelShape), id, momentWord(source))
  const bias = params.bias ? noise(params.out_channels, 'bias', id) : null
  const { stride, dilation, groups } = params
  const options = { stride, padding: resolvePadding(params.padding, params.kernel_size, dilation), dilation, groups }
  const of: ConvolutionCase = {
    inputShape: [channels, height, width],
    input: Float64Array.from(input),
    kernelShape,
    kernel: Float64Array.from(kernel),
    bias: bias && Float64Array.from(bias),
    options,
  }
  const output = Float32Array.from(convolve(of))
  return {
    layer: id,
    inputShape: of.inputShape,
    input,
    kernelShape,
    kernel,
    bias,
    options,
    outputShape: outputShape(of),
    output,
  }
}

/** Channel first, as pages are. After a ReLU nothing is below zero. */
function outputOf(layer: NetworkAnalysis['layers'][number], words: readonly string[]): Float32Array {
  const values = noise(elementCount(layer.shape), layer.node.id, ...words)
  return layer.kind.kind === 'relu' ? values.map((value) => Math.max(0, value)) : values
}

function activations(
  source: InspectSource,
  { picture, pages }: QueryOf<'activations'>,
  network: NetworkAnalysis,
): ActivationsAnswer {
  const seen = picture.type === 'dataset' ? `${picture.split} ${picture.index}` : picture.values.join(' ')
  const words = [momentWord(source), seen]
  const logits = noise(10, 'logits', ...words)
  const sum = logits.reduce((total, logit) => total + Math.exp(logit), 0)
  return {
    layers: network.layers.map((layer) => ({
      layer: layer.node.id,
      kind: layer.node.kind,
      shape: layer.shape,
      ...statisticsOf(outputOf(layer, words)),
    })),
    pages: pages.map(({ layer: id, first, count }) => {
      const layer = network.byId.get(id)
      if (!layer) throw new AppError('not-found', `There is no layer ${id}.`)
      const [height, width] = layer.shape.length === 3 ? layer.shape : [1, 1]
      const plane = (height ?? 1) * (width ?? 1)
      const values = outputOf(layer, words).slice(first * plane, (first + count) * plane)
      return { layer: id, first, count, height: height ?? 1, width: width ?? 1, values }
    }),
    logits,
    probabilities: logits.map((logit) => Math.exp(logit) / sum),
    label: picture.type === 'dataset' ? picture.index % 10 : null,
  }
}
