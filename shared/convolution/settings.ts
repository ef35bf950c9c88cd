import { z } from 'zod'
import type { ShapeProblem } from '../layers/define'
import { convolvedWithin, groupsProblem } from '../layers/parts'
import type { Sides } from '../ops/ops'
import type { ConvolutionCase } from './case'

const size = (max: number) => z.int().min(1).max(max)
const pad = z.int().min(0).max(64)

/** All of a case but its numbers. Pairs are `[vertical, horizontal]`. */
export const convolutionSettingsSchema = z.strictObject({
  height: size(512),
  width: size(512),
  channels: size(2048),
  filters: size(2048),
  kernel: z.tuple([size(64), size(64)]),
  stride: z.tuple([size(64), size(64)]),
  padding: z.strictObject({ top: pad, bottom: pad, left: pad, right: pad }),
  dilation: z.tuple([size(64), size(64)]),
  groups: size(2048),
  bias: z.boolean(),
})
export type ConvolutionSettings = z.infer<typeof convolutionSettingsSchema>

/** Multiplications of one forward pass up to which a case may be made by hand. */
export const mostProducts = 50_000_000

export function settingsOf({ inputShape, kernelShape, bias, options }: ConvolutionCase): ConvolutionSettings {
  const [channels, height, width] = inputShape
  return {
    height,
    width,
    channels,
    filters: kernelShape[0],
    kernel: [kernelShape[2], kernelShape[3]],
    stride: [...options.stride],
    padding: { ...options.padding },
    dilation: [...options.dilation],
    groups: options.groups,
    bias: bias !== null,
  }
}

/**
 * The rule that settings break together, or null where they can be computed: the rules of the layer kind `conv2d`, and
 * `too-much-work`.
 */
export function settingsProblem(settings: ConvolutionSettings): ShapeProblem | null {
  const { kernel, stride, padding, dilation, groups, channels, filters } = settings
  const found =
    groupsProblem(groups, channels, filters) ??
    convolvedWithin(settings, { kernel_size: kernel, stride, padding, dilation }, filters)
  if ('problem' in found) return found.problem
  const [height = 0, width = 0] = found.shape
  const products = filters * height * width * (channels / groups) * kernel[0] * kernel[1]
  if (products <= mostProducts) return null
  const message = `takes ${products} multiplications, more than ${mostProducts}`
  return { rule: 'too-much-work', message, params: { products, most: mostProducts } }
}

/** How one axis of the output follows from the settings; axis 0 is vertical. */
export interface AxisSize {
  readonly size: number
  readonly padding: readonly [before: number, after: number]
  readonly kernel: number
  readonly dilation: number
  readonly stride: number
  /** Rows that the kernel reaches over: `dilation · (kernel - 1) + 1`. */
  readonly span: number
  /** Rows of the input with its padding. */
  readonly padded: number
  /** Rows of the output; below 1 where the kernel does not fit. */
  readonly output: number
  /** Rows at the end of the padded input that no window reaches, for the stride does not divide what is left. */
  readonly unseen: number
}

export function axisSize(settings: ConvolutionSettings, axis: 0 | 1): AxisSize {
  const { height, width, padding, kernel, dilation, stride } = settings
  const sides = axis === 0 ? ([padding.top, padding.bottom] as const) : ([padding.left, padding.right] as const)
  const size = axis === 0 ? height : width
  const span = dilation[axis] * (kernel[axis] - 1) + 1
  const padded = size + sides[0] + sides[1]
  return {
    size,
    padding: sides,
    kernel: kernel[axis],
    dilation: dilation[axis],
    stride: stride[axis],
    span,
    padded,
    output: Math.floor((padded - span) / stride[axis]) + 1,
    unseen: padded < span ? 0 : (padded - span) % stride[axis],
  }
}

/** Whether the padding of each axis is the same on both of its sides, as torch.nn.Conv2d's numbers are. */
export function hasEvenPadding({ top, bottom, left, right }: Sides): boolean {
  return top === bottom && left === right
}
