import { resolvePadding, transposedSize, type Padding } from '../layers/params'
import { firstInput } from '../layers/parts'
import { asImage } from '../network/shape'
import type { CodeContext } from './layer-code'
import { call, changed, sidesValue, square } from './python'

interface ConvolutionParams {
  readonly out_channels: number
  readonly kernel_size: readonly [number, number]
  readonly stride: readonly [number, number]
  readonly padding: Padding
  readonly dilation: readonly [number, number]
}

/**
 * torch.nn.Conv2d as a Keras layer called `name`: padding that Keras's `same` would put elsewhere becomes a layer of its
 * own, and a stride along with a dilation, which Keras refuses, drops the places between afterwards.
 */
export function kerasConvolution(
  { params: p, inputs: [x], output }: CodeContext<ConvolutionParams>,
  { name, groups, bias }: { name: string; groups: number; bias: boolean },
): [string, ...string[]] {
  const sides = resolvePadding(p.padding, p.kernel_size, p.dilation)
  const same = resolvePadding('same', p.kernel_size, p.dilation)
  const padded = Object.values(sides).some((side) => side > 0)
  const unmoved = p.stride[0] === 1 && p.stride[1] === 1
  const isSame = padded && unmoved && (['top', 'bottom', 'left', 'right'] as const).every((s) => sides[s] === same[s])
  const thinned = !unmoved && (p.dilation[0] > 1 || p.dilation[1] > 1)
  const keywords = {
    ...changed(
      {
        strides: thinned ? 1 : square(p.stride),
        padding: isSame ? 'same' : 'valid',
        dilation_rate: square(p.dilation),
        groups,
        use_bias: bias,
      },
      { strides: 1, padding: 'valid', dilation_rate: 1, groups: 1, use_bias: true },
    ),
    name,
  }
  const convolution = call('layers.Conv2D', [p.out_channels, square(p.kernel_size)], keywords)
  const steps =
    padded && !isSame
      ? [
          `${call('layers.ZeroPadding2D', [sidesValue(sides)], { name: `${name}-pad` })}(${x})`,
          `${convolution}(${output})`,
        ]
      : [`${convolution}(${x})`]
  if (thinned) steps.push(`${output}[:, ::${p.stride[0]}, ::${p.stride[1]}]`)
  const [first = '', ...others] = steps
  return [first, ...others]
}

interface TransposedParams extends Omit<ConvolutionParams, 'padding'> {
  readonly padding: readonly [number, number]
  readonly output_padding: readonly [number, number]
  readonly groups: number
  readonly bias: boolean
}

/**
 * torch.nn.ConvTranspose2d in Keras: the whole transposed convolution, then cropped. Zeros behind the input make the rows
 * and columns that `output_padding` asks for. Groups, and a stride along with a dilation, need a layer of our own.
 */
export function kerasTransposedConvolution({
  layer,
  params: p,
  inputShapes,
  inputs: [x],
  output,
}: CodeContext<TransposedParams>): [string, ...string[]] {
  const bias = changed({ use_bias: p.bias }, { use_bias: true })
  const dilated = p.dilation[0] > 1 || p.dilation[1] > 1
  if (p.groups > 1 || (dilated && (p.stride[0] > 1 || p.stride[1] > 1))) {
    const keywords = {
      strides: p.stride,
      padding: p.padding,
      output_padding: p.output_padding,
      dilation_rate: p.dilation,
      groups: p.groups,
      ...bias,
      name: layer,
    }
    return [`${call('GroupedConv2DTranspose', [p.out_channels, p.kernel_size], keywords)}(${x})`]
  }
  const image = asImage(firstInput(inputShapes)) ?? { height: 1, width: 1, channels: 1 }
  const [down, across] = [transposedEnd(p, 0, image.height), transposedEnd(p, 1, image.width)]
  const names = { pad: `${layer}-pad`, crop: `${layer}-crop` }
  const keywords = {
    ...changed({ strides: square(p.stride), dilation_rate: square(p.dilation) }, { strides: 1, dilation_rate: 1 }),
    ...bias,
  }
  const calls: string[] = []
  if (down.zeros > 0 || across.zeros > 0) {
    const sides = { top: 0, bottom: down.zeros, left: 0, right: across.zeros }
    calls.push(call('layers.ZeroPadding2D', [sidesValue(sides)], { name: names.pad }))
  }
  calls.push(call('layers.Conv2DTranspose', [p.out_channels, square(p.kernel_size)], { ...keywords, name: layer }))
  const cut = { top: p.padding[0], bottom: down.cut, left: p.padding[1], right: across.cut }
  if (Object.values(cut).some((side) => side > 0)) {
    calls.push(call('layers.Cropping2D', [sidesValue(cut)], { name: names.crop }))
  }
  const [first = '', ...others] = calls
  return [`${first}(${x})`, ...others.map((step) => `${step}(${output})`)]
}

/** Along one axis: zeros to put behind the input, and what to cut off behind Keras' output. */
function transposedEnd(p: TransposedParams, axis: 0 | 1, size: number): { zeros: number; cut: number } {
  const [stride, kernel, dilation] = [p.stride[axis], p.kernel_size[axis], p.dilation[axis]]
  const [padding, outputPadding] = [p.padding[axis], p.output_padding[axis]]
  const wanted = padding + transposedSize(size, kernel, { stride, padding, outputPadding, dilation })
  // Keras gives at least a whole stride for each input.
  const whole = (inputs: number) => (inputs - 1) * stride + Math.max(dilation * (kernel - 1) + 1, stride)
  const zeros = Math.max(0, Math.ceil((wanted - whole(size)) / stride))
  return { zeros, cut: whole(size + zeros) - wanted }
}
