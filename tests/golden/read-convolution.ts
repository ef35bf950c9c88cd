import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ConvolutionCase } from '../../shared/convolution/case'

/** A single convolution as PyTorch computes it in float64; make_convolution.py says how. */
export interface GoldenConvolution {
  readonly name: string
  /** Of the layer kind `conv2d`, without `out_channels`; null where torch.nn.Conv2d has no such padding. */
  readonly params: Readonly<Record<string, unknown>> | null
  readonly case: ConvolutionCase
  /** `[filters, height, width]` */
  readonly outputShape: readonly number[]
  readonly output: Float64Array
  /** The gradient that comes in, and what it becomes. */
  readonly outputGradient: Float64Array
  readonly inputGradient: Float64Array
  readonly kernelGradient: Float64Array
  readonly biasGradient: Float64Array
  /** torch.nn.functional.unfold: `[channels · kh · kw, height · width]`. */
  readonly columns: Float64Array
  /** torch.nn.functional.cosine_similarity of every kernel and window, in the output's shape. */
  readonly cosine: Float64Array
}

interface Stored {
  readonly shape: readonly number[]
  readonly values: readonly number[]
}

interface StoredConvolution {
  readonly name: string
  readonly params: {
    readonly stride: readonly [number, number]
    readonly padding: 'same' | readonly number[]
    readonly dilation: readonly [number, number]
    readonly groups: number
  }
  readonly sides: readonly [top: number, bottom: number, left: number, right: number]
  readonly input: Stored
  readonly kernel: Stored
  readonly bias: Stored | null
  readonly output: Stored
  readonly output_gradient: Stored
  readonly input_gradient: Stored
  readonly kernel_gradient: Stored
  readonly bias_gradient: Stored
  readonly columns: Stored
  readonly cosine: Stored
}

export function readConvolutions(): GoldenConvolution[] {
  const text = readFileSync(join(import.meta.dirname, 'convolution.json'), 'utf8')
  return (JSON.parse(text) as { cases: StoredConvolution[] }).cases.map(read)
}

function read(stored: StoredConvolution): GoldenConvolution {
  const { name, params, bias } = stored
  const [top, bottom, left, right] = stored.sides
  return {
    name,
    params: params.padding.length === 4 && params.padding !== 'same' ? null : params,
    case: {
      inputShape: stored.input.shape as ConvolutionCase['inputShape'],
      input: numbers(stored.input),
      kernelShape: stored.kernel.shape as ConvolutionCase['kernelShape'],
      kernel: numbers(stored.kernel),
      bias: bias && numbers(bias),
      options: {
        stride: params.stride,
        padding: { top, bottom, left, right },
        dilation: params.dilation,
        groups: params.groups,
      },
    },
    outputShape: stored.output.shape,
    output: numbers(stored.output),
    outputGradient: numbers(stored.output_gradient),
    inputGradient: numbers(stored.input_gradient),
    kernelGradient: numbers(stored.kernel_gradient),
    biasGradient: numbers(stored.bias_gradient),
    columns: numbers(stored.columns),
    cosine: numbers(stored.cosine),
  }
}

function numbers({ values }: Stored): Float64Array {
  return Float64Array.from(values)
}
