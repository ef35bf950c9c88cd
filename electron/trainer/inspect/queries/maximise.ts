import { pixelMean, pixelStd } from '../../../../shared/data/dataset'
import type { MaximiseAnswer } from '../../../../shared/inspect/answers'
import type { QueryOf } from '../../../../shared/inspect/queries'
import { elementCount } from '../../../../shared/network/shape'
import { createRandom } from '../../../../shared/training/random'
import { blurred, shifted } from '../blur'
import { mapSize } from '../channels'
import { requireChannel, requireLayer, valuesOf, type Lens, type Looking } from '../lens'

/** Where the search begins and decay leads to: the middle of the pixel range. */
const grey = 0.5
/** Noise that the search begins with, to either side of grey. */
const startNoise = 0.05
const blurEvery = 4
/** How long a slice of several iterations may take. */
const sliceMs = 30

/**
 * Gradient ascent on a picture for the mean of one channel's map (or for one feature). Erhan et al. 2009; decay and blur as in
 * Yosinski et al. 2015, random shifts as in Mordvintsev et al. 2015. The gradient is divided by its root mean square. Where it
 * is zero all over, noise leads on.
 */
export function* maximise(lens: Lens, query: QueryOf<'maximise'>): Looking<MaximiseAnswer> {
  const { network, probe } = lens
  const layer = requireLayer(lens, query.layer)
  requireChannel(layer, query.channel)
  const { shape } = network.input
  const [height = 1, width = 1, channels = 1] = shape
  const size = { height, width, channels }
  const input = network.input.node.id
  const { height: rows, width: columns, channels: maps } = mapSize(layer.shape)
  const seed = new Float32Array(elementCount(layer.shape))
  for (let at = query.channel; at < seed.length; at += maps) seed[at] = 1 / (rows * columns)
  const random = createRandom(query.seed, 'maximise')
  const noise = (most: number) => most * (2 * random.uniform() - 1)
  const history: number[] = []
  let pixels: Float32Array = Float32Array.from({ length: elementCount(shape) }, () => grey + noise(startNoise))

  /** The unit's activation, and its gradient by the pixels. */
  function ask(of: Float32Array): { readonly activation: number; readonly gradient: Float32Array } {
    const pictures = of.map((pixel) => (pixel - pixelMean) / pixelStd)
    const { output, gradients } = probe.gradients({ pictures, count: 1, of: { layer: query.layer, seed }, by: [input] })
    let activation = 0
    for (let at = query.channel; at < seed.length; at += maps) activation += output.values[at]! / (rows * columns)
    return { activation, gradient: valuesOf(gradients, input).values }
  }

  function iterate(iteration: number): void {
    const shift = () => Math.floor(random.uniform() * (2 * query.jitter + 1)) - query.jitter
    const [down, across] = query.jitter > 0 ? [shift(), shift()] : [0, 0]
    const moved = shifted(pixels, size, down, across)
    const { activation, gradient } = ask(moved)
    history.push(activation)
    const scale = Math.sqrt(gradient.reduce((sum, value) => sum + value * value, 0) / gradient.length)
    for (let at = 0; at < moved.length; at++) {
      const step = scale > 0 ? gradient[at]! / scale : noise(1)
      const kept = grey + (moved[at]! + query.stepSize * step - grey) * (1 - query.decay)
      moved[at] = Math.min(1, Math.max(0, kept))
    }
    const smooth = query.blur > 0 && (iteration + 1) % blurEvery === 0 ? blurred(moved, size, query.blur) : moved
    pixels = shifted(smooth, size, -down, -across)
  }

  const found = (): MaximiseAnswer => ({ shape, values: pixels.slice(), history: Float32Array.from(history) })

  for (let done = 0; done < query.iterations;) {
    const begun = performance.now()
    while (done < query.iterations && performance.now() - begun < sliceMs) iterate(done++)
    yield { done, total: query.iterations, partial: found }
  }
  history.push(ask(pixels).activation)
  return found()
}
