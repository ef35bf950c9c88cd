import { beforeAll, describe, expect, it, vi } from 'vitest'
import type { Engine } from '../../electron/trainer/engines/engine'
import type { LayerValues, Probe } from '../../electron/trainer/engines/probe'
import { pixelMean, pixelStd } from '../../shared/data/dataset'
import type { NamedTensor } from '../../shared/formats/tensors'
import { requireSound } from '../../shared/network/analyze'
import { asImage, elementCount } from '../../shared/network/shape'
import { readInsideCases, type InsideCase } from '../golden/read-inside'
import { differences, valueDifferences } from './compare'
import { engines } from './engines'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

const tolerance = 1e-4
const cases = readInsideCases()

describe.each(engines)('inside a network, $name engine against PyTorch', ({ create }) => {
  let engine: Engine
  beforeAll(async () => {
    engine = await create()
  })

  it.each(cases)('$name', async (golden) => {
    const probe = await engine.probe(requireSound(golden.network))
    probe.setWeights(golden.initial)
    const found = [...activationDifferences(probe, golden), ...gradientDifferences(probe, golden)]
    probe.dispose()
    expect(found).toEqual([])
  })
})

function activationDifferences(probe: Probe, golden: InsideCase): string[] {
  const layers = golden.network.layers.map(({ id }) => id)
  const all = probe.activations(pictures(golden), golden.count, [...golden.activations.keys()])
  const alone = layers.filter((layer) => {
    const values = probe.activations(pictures(golden), golden.count, [layer]).get(layer)?.values ?? []
    const together = all.get(layer)?.values ?? []
    return !values.length || values.some((value, at) => Math.abs(value - (together[at] ?? NaN)) > 1e-5)
  })
  return [
    ...differences(
      new Map([...all].map(([layer, values]) => [layer, channelsFirst(values)])),
      golden.activations,
      tolerance,
    ),
    ...alone.map((layer) => `${layer} differs when it is asked for alone`),
  ]
}

function gradientDifferences(probe: Probe, golden: InsideCase): string[] {
  const { network, count, logit, pictured } = golden
  const { input, output } = requireSound(network)
  const oneHot = new Float32Array(count * elementCount(output.shape))
  for (let at = logit; at < oneHot.length; at += elementCount(output.shape)) oneHot[at] = 1
  const asked = { pictures: pictures(golden), count }
  const by = [input.node.id, ...(pictured ? [pictured.layer] : [])]
  const last = probe.gradients({ ...asked, of: { layer: output.node.id, seed: oneHot }, by })
  const lines = compared('input gradient', last.gradients.get(input.node.id), golden.inputGradient)
  if (!pictured) return lines
  lines.push(...compared('layer gradient', last.gradients.get(pictured.layer), pictured.gradient))

  const shape = requireSound(network).byId.get(pictured.layer)?.shape ?? []
  const [height = 1, width = 1, channels = 1] = shape
  const mean = new Float32Array(count * elementCount(shape))
  for (let at = 0; at < mean.length; at += channels) mean[at] = 1 / (height * width)
  const unit = probe.gradients({ ...asked, of: { layer: pictured.layer, seed: mean }, by: [input.node.id] })
  lines.push(...compared('unit gradient', unit.gradients.get(input.node.id), pictured.unitGradient))
  lines.push(...compared('output beside gradients', unit.output, golden.activations.get(pictured.layer)))
  return lines
}

function compared(
  name: string,
  found: LayerValues | undefined,
  golden: InsideCase['inputGradient'] | undefined,
): string[] {
  if (!found || !golden) return [`${name} is missing`]
  return valueDifferences(name, channelsFirst(found).values, golden, tolerance)
}

function pictures({ images }: InsideCase): Float32Array {
  return Float32Array.from(images, (pixel) => (pixel / 255 - pixelMean) / pixelStd)
}

/** `[count, channels, height, width]`, as PyTorch has it. */
function channelsFirst({ shape, values }: LayerValues): NamedTensor {
  const count = values.length / elementCount(shape)
  const image = asImage(shape)
  if (!image) return { shape: [count, ...shape], values }
  const { height, width, channels } = image
  const places = height * width
  const turned = new Float32Array(values.length)
  for (let picture = 0; picture < count; picture++) {
    for (let place = 0; place < places; place++) {
      for (let channel = 0; channel < channels; channel++) {
        turned[(picture * channels + channel) * places + place] =
          values[(picture * places + place) * channels + channel] ?? NaN
      }
    }
  }
  return { shape: [count, channels, height, width], values: turned }
}
