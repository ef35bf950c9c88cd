import { describe, expect, it } from 'vitest'
import type { CompiledNetwork } from '../../electron/trainer/engines/engine'
import { backward } from '../../shared/convolution/backward'
import { outputCount, type ConvolutionCase } from '../../shared/convolution/case'
import { convolve } from '../../shared/convolution/forward'
import type { LabelledImages } from '../../shared/data/dataset'
import type { NamedTensor, NamedTensors } from '../../shared/formats/tensors'
import { requireSound, type SoundNetwork } from '../../shared/network/analyze'
import { readNetwork } from '../../shared/network/parse'
import { readConvolutions, type GoldenConvolution } from '../golden/read-convolution'
import { relativeDifference } from './compare'
import { engines } from './engines'

/** The engines compute in float32, the demonstration's code in float64. */
const tolerance = 1e-5

const layers = readConvolutions().filter(({ params }) => params !== null)

describe.each(engines)('$name engine', ({ create }) => {
  it.each(layers)('gives for $name what the convolution demonstration shows', async (golden) => {
    const of = golden.case
    const network = oneLayer(golden)
    const compiled = await (await create()).compile({ network, loss, optimizer, data: null })
    compiled.setWeights(weightsOf(of))
    const output = compiled.predict(channelLast(of.input, of.inputShape), 1)
    compiled.dispose()
    expect(relativeDifference(output, convolve(of))).toBeLessThan(tolerance)
  })

  it.each(layers)('has for $name the gradients that the demonstration shows', async (golden) => {
    const network = oneLayer(golden)
    const data = onePicture(golden.case.inputShape)
    const compiled = await (await create()).compile({ network, loss, optimizer, data })
    compiled.setWeights(weightsOf(golden.case))
    const { output, gradients } = stepOf(compiled, data)
    compiled.dispose()
    const count = outputCount(golden.case)
    // The mean of (output - target)², the target 1 for the label and 0 elsewhere.
    const outputGradient = Float64Array.from(output, (value, at) => (2 / count) * (value - (at === label ? 1 : 0)))
    const expected = backward({ ...golden.case, input: normalized(data) }, outputGradient)
    expect(relativeDifference(gradients.get('conv.weight')?.values ?? [], expected.kernel)).toBeLessThan(tolerance)
    if (!golden.case.bias) expect(gradients.has('conv.bias')).toBe(false)
    else expect(relativeDifference(gradients.get('conv.bias')?.values ?? [], expected.bias)).toBeLessThan(tolerance)
  })
})

const loss = { type: 'mse' } as const
const optimizer = { type: 'sgd', weight_decay: 0 } as const
const label = 1

/** A network that is the convolution alone: Flatten gives its output channel first. */
function oneLayer({ case: of, params }: GoldenConvolution): SoundNetwork {
  const [channels, height, width] = of.inputShape
  const layers = [
    { id: 'input', kind: 'input', params: { height, width, channels } },
    { id: 'conv', kind: 'conv2d', params: { ...params, out_channels: of.kernelShape[0] }, inputs: ['input'] },
    { id: 'flatten', kind: 'flatten', inputs: ['conv'] },
  ]
  return requireSound(readNetwork({ format: 'convscope.network', version: 1, name: 'Convolution', layers }, 'test'))
}

function weightsOf({ kernel, kernelShape, bias }: ConvolutionCase): NamedTensors {
  const weights = new Map<string, NamedTensor>()
  weights.set('conv.weight', { shape: kernelShape, values: Float32Array.from(kernel) })
  if (bias) weights.set('conv.bias', { shape: [bias.length], values: Float32Array.from(bias) })
  return weights
}

function channelLast(values: Float64Array, [channels, height, width]: ConvolutionCase['inputShape']): Float32Array {
  const places = height * width
  return Float32Array.from(values, (_, at) => values[(at % channels) * places + Math.floor(at / channels)] ?? NaN)
}

function onePicture([channels, height, width]: ConvolutionCase['inputShape']): LabelledImages {
  const images = Uint8Array.from({ length: channels * height * width }, (_, at) => (at * 89 + 31) % 256)
  // A picture has one channel or three; the engines take any number.
  return { count: 1, shape: [height, width, channels], images, labels: Uint8Array.of(label) }
}

/** The picture as it enters the network, channel first. */
function normalized({ images, shape: [height, width, channels] }: LabelledImages): Float64Array {
  const places = height * width
  return Float64Array.from(images, (_, at) => {
    const byte = images[(at % places) * channels + Math.floor(at / places)] ?? NaN
    return (byte / 255 - 0.5) / 0.5
  })
}

function stepOf(compiled: CompiledNetwork, data: LabelledImages) {
  const picture = Float32Array.from(data.images, (byte) => (byte / 255 - 0.5) / 0.5)
  const { gradients } = compiled.gradients({ indices: Int32Array.of(0), seed: [1, 1] })
  return { output: compiled.predict(picture, 1), gradients }
}
