import type { z } from 'zod'
import type { LayerCode } from '../codegen/layer-code'
import type { Ops } from '../ops/ops'
import type { Shape } from '../network/shape'

export type LayerCategory =
  'input' | 'convolution' | 'normalization' | 'activation' | 'pooling' | 'dense' | 'shape' | 'regularization' | 'merge'

/** How a weight is stored in the engines, and what it is in PyTorch's `state_dict`. */
export type WeightLayout =
  /** engine HWIO `[kh, kw, in/groups, out]`, PyTorch OIHW */
  | 'conv'
  /** engine HWOI `[kh, kw, out/groups, in]`, PyTorch IOHW: the transposed convolution's */
  | 'conv_transpose'
  /** engine `[in, out]`, PyTorch `[out, in]` */
  | 'linear'
  /** one value per channel or feature, the same in both */
  | 'vector'
  /** one value for each place of a picture: engine HWC, PyTorch CHW */
  | 'image'

export interface WeightSpec {
  /** PyTorch's attribute name: `weight`, `bias`, `running_mean`; `depthwise.weight` where the layer is made of two. */
  readonly name: string
  readonly layout: WeightLayout
  /** Shape in PyTorch's layout. */
  readonly shape: readonly number[]
  /** Trained by the optimizer, or a statistic that the forward pass keeps. */
  readonly trainable: boolean
  readonly init: WeightInit
}

/** `fanIn` and `fanOut` as torch.nn.init computes them. */
export type WeightInit =
  | { readonly type: 'kernel'; readonly fanIn: number; readonly fanOut: number }
  | { readonly type: 'bias'; readonly fanIn: number }
  | { readonly type: 'constant'; readonly value: number }

/**
 * A layer's window over its input, for receptive fields. Absent where each output sees just its own place. Along one axis
 * output `o` sees the places `floor(o · stride + offset) + k · dilation`, k below `kernel`. Where the output is finer than
 * the input, `stride` and `offset` are fractions; where all outputs see the same, `stride` is 0.
 */
export interface Window {
  readonly kernel: readonly [number, number]
  readonly stride: readonly [number, number]
  readonly dilation: readonly [number, number]
  /** Rows above and columns left of the input that the first window starts at. */
  readonly offset: readonly [number, number]
}

export type FieldControl =
  | { readonly control: 'integer'; readonly min: number; readonly max: number }
  | { readonly control: 'number'; readonly min: number; readonly max: number; readonly step: number }
  /** With `optional`, null stands for none. */
  | { readonly control: 'pair'; readonly min: number; readonly max: number; readonly optional?: true }
  /** A pair, or the words `same` and `valid`. */
  | { readonly control: 'padding'; readonly max: number }
  | { readonly control: 'toggle' }
  /** One of these words; `FieldText.options` says what each means. */
  | { readonly control: 'choice'; readonly options: readonly string[] }
  /** One to `length` whole numbers from 1 on, one of which may be -1: the one that follows from the others. */
  | { readonly control: 'sizes'; readonly length: number; readonly max: number }

export interface FieldText {
  readonly label: string
  readonly help: string
  /** Names of a choice's words. */
  readonly options?: Readonly<Record<string, string>>
}

export interface LayerText {
  readonly label: string
  /** One or two sentences: what the layer computes. */
  readonly summary: string
  readonly fields: Readonly<Record<string, FieldText>>
}

export const locales = ['en', 'zh-CN'] as const
export type Locale = (typeof locales)[number]

/**
 * A shape that cannot be: `rule` is the closed code for the translated sentence, `params` its numbers, and `message` the
 * same in English. `suggestions` change the layer's own parameters to mend it.
 */
export interface ShapeProblem {
  readonly rule: string
  readonly message: string
  readonly params: Readonly<Record<string, string | number>>
}

export type InferResult = { readonly shape: Shape } | { readonly problem: ShapeProblem }

export interface LayerKind<Schema extends z.ZodObject = z.ZodObject, P = z.infer<Schema>> {
  readonly kind: string
  readonly category: LayerCategory
  /** Other names that people look for: Keras' and those of papers. */
  readonly aliases?: readonly string[]
  /** How many inputs enter; equal bounds for most. */
  readonly arity: { readonly min: number; readonly max: number }
  readonly text: Readonly<Record<Locale, LayerText>>
  readonly params: Schema
  /** The form, in order; each key is a parameter. */
  readonly fields: Readonly<Record<string, FieldControl>>
  infer(params: P, inputs: readonly Shape[]): InferResult
  weights(params: P, inputs: readonly Shape[]): readonly WeightSpec[]
  /** Multiply-adds for one example. */
  multiplyAdds(params: P, inputs: readonly Shape[], output: Shape): number
  window(params: P, inputs: readonly Shape[]): Window | null
  /** `weights` holds the engine's handles by `WeightSpec.name`. Only called on valid shapes. */
  forward<T>(ops: Ops<T>, context: ForwardContext<T, P>): T
  /** The same as PyTorch and Keras code. */
  readonly code: LayerCode<P>
}

export interface ForwardContext<T, P> {
  readonly layer: string
  readonly inputs: readonly [T, ...T[]]
  readonly inputShapes: readonly Shape[]
  readonly params: P
  weight(name: string): T
}

/** Declares a layer kind. One file under `kinds/` exports one as its default; nothing else has to be edited. */
export function defineLayer<Schema extends z.ZodObject>(kind: LayerKind<Schema>): LayerKind<Schema> {
  return kind
}

export function problem(rule: string, message: string, params: ShapeProblem['params'] = {}): InferResult {
  return { problem: { rule, message, params } }
}
