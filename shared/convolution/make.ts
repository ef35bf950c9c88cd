import type { ConvolutionAnswer } from '../inspect/answers'
import { createRandom, type Random } from '../training/random'
import type { CaseTensor, ConvolutionCase } from './case'
import type { ConvolutionSettings } from './settings'

/** Whole numbers that are easily added, or decimals as a trained network has them. */
export type NumberKind = 'integers' | 'decimals'

/** Small numbers: inputs from 0 on, weights of both signs. The same seed gives the same numbers. */
export function randomCase(settings: ConvolutionSettings, kind: NumberKind, seed: number): ConvolutionCase {
  const random = createRandom(seed, 'convolution')
  return build(settings, (tensor) => randomNumber(tensor, kind, random))
}

/** The numbers of `from` under other settings: each keeps its place, new ones are drawn at random. */
export function withSettings(
  from: ConvolutionCase,
  settings: ConvolutionSettings,
  kind: NumberKind,
  seed: number,
): ConvolutionCase {
  const random = createRandom(seed, 'convolution')
  return build(settings, (tensor, place) => {
    const shape = tensor === 'input' ? from.inputShape : tensor === 'kernel' ? from.kernelShape : [from.kernelShape[0]]
    const kept = place.every((at, axis) => at < (shape[axis] ?? 0))
    const index = place.reduce((sum, at, axis) => sum * (shape[axis] ?? 1) + at, 0)
    // A bias that is switched on begins at 0.
    if (kept && tensor === 'bias') return from.bias?.[index] ?? 0
    return kept ? (from[tensor]?.[index] ?? 0) : randomNumber(tensor, kind, random)
  })
}

/** A trained layer on a picture, as the engine told it. */
export function answeredCase(answer: ConvolutionAnswer): ConvolutionCase {
  const { inputShape, kernelShape, options } = answer
  return {
    inputShape,
    kernelShape,
    options,
    input: Float64Array.from(answer.input),
    kernel: Float64Array.from(answer.kernel),
    bias: answer.bias && Float64Array.from(answer.bias),
  }
}

/** The case with one number changed; the other tensors are shared. */
export function withValue(of: ConvolutionCase, tensor: CaseTensor, index: number, value: number): ConvolutionCase {
  const values = of[tensor]
  if (!values || index < 0 || index >= values.length) throw new RangeError(`${tensor} has no value ${index}`)
  const changed = values.slice()
  changed[index] = value
  return { ...of, [tensor]: changed }
}

function build(
  settings: ConvolutionSettings,
  value: (tensor: CaseTensor, place: readonly number[]) => number,
): ConvolutionCase {
  const { height, width, channels, filters, kernel, stride, padding, dilation, groups } = settings
  const inputShape = [channels, height, width] as const
  const kernelShape = [filters, channels / groups, kernel[0], kernel[1]] as const
  return {
    inputShape,
    input: fill(inputShape, (place) => value('input', place)),
    kernelShape,
    kernel: fill(kernelShape, (place) => value('kernel', place)),
    bias: settings.bias ? fill([filters], (place) => value('bias', place)) : null,
    options: { stride, padding, dilation, groups },
  }
}

function fill(shape: readonly number[], value: (place: readonly number[]) => number): Float64Array {
  const values = new Float64Array(shape.reduce((product, size) => product * size, 1))
  for (let index = 0; index < values.length; index++) {
    let rest = index
    const place = shape.map(() => 0)
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const size = shape[axis] ?? 1
      place[axis] = rest % size
      rest = Math.floor(rest / size)
    }
    values[index] = value(place)
  }
  return values
}

function randomNumber(tensor: CaseTensor, kind: NumberKind, random: Random): number {
  const unit = random.uniform()
  if (kind === 'integers') return tensor === 'input' ? Math.floor(unit * 3) : Math.floor(unit * 3) - 1
  return Math.round((tensor === 'input' ? unit : unit * 2 - 1) * 100) / 100
}
