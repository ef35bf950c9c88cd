import * as tf from '@tensorflow/tfjs-core'
import type { Tensor, Tensor1D, Tensor4D } from '@tensorflow/tfjs-core'

type Config = Readonly<Record<string, unknown>>
/** What a layer of Keras gives, in evaluation, from what enters and its weights in Keras' order. */
type Compute = (inputs: readonly Tensor[], config: Config, weights: readonly Tensor[]) => Tensor
type Pair = [number, number]

function numbers(config: Config, name: string): number[] {
  const value = config[name]
  if (!Array.isArray(value)) throw new Error(`${name} is no list`)
  return value.map(Number)
}

function pair(config: Config, name: string): Pair {
  const [a = 1, b = 1] = numbers(config, name)
  return [a, b]
}

function text(config: Config, name: string): string {
  const value = config[name]
  if (typeof value !== 'string') throw new Error(`${name} is no text`)
  return value
}

function sides(config: Config, name: string): [Pair, Pair] {
  const value = config[name]
  if (!Array.isArray(value)) throw new Error(`${name} is no list`)
  const [rows, columns] = value.map((side: unknown) => (Array.isArray(side) ? side.map(Number) : []))
  return [
    [rows?.[0] ?? 0, rows?.[1] ?? 0],
    [columns?.[0] ?? 0, columns?.[1] ?? 0],
  ]
}

function image(x: Tensor | undefined): Tensor4D {
  if (x?.rank !== 4) throw new Error('a picture was expected')
  return x as Tensor4D
}

function one(inputs: readonly Tensor[]): Tensor {
  const [x] = inputs
  if (!x) throw new Error('nothing enters')
  return x
}

function padding(config: Config): 'same' | 'valid' {
  return text(config, 'padding') === 'same' ? 'same' : 'valid'
}

function activated(x: Tensor, name: string): Tensor {
  switch (name) {
    case 'linear':
      return x
    case 'relu':
      return tf.relu(x)
    case 'sigmoid':
      return tf.sigmoid(x)
    case 'tanh':
      return tf.tanh(x)
    case 'silu':
      return tf.mul(x, tf.sigmoid(x))
    case 'gelu':
      return tf.mul(tf.mul(x, 0.5), tf.add(tf.erf(tf.div(x, Math.SQRT2)), 1))
    default:
      throw new Error(`unknown activation ${name}`)
  }
}

/** Adds the bias, where there is one, and applies the activation. */
function finished(x: Tensor, config: Config, bias: Tensor | undefined): Tensor {
  return activated(bias ? tf.add(x, bias) : x, text(config, 'activation'))
}

/** `(x - mean) / √(variance + epsilon)`, then what `center` and `scale` say of the weights, gamma first. */
function affine(x: Tensor, config: Config, weights: readonly Tensor[]): Tensor {
  const left = [...weights]
  const scaled = config['scale'] === true ? tf.mul(x, left.shift() ?? 1) : x
  return config['center'] === true ? tf.add(scaled, left.shift() ?? 0) : scaled
}

function even(x: Tensor, axes: number[], epsilon: number): Tensor {
  const { mean, variance } = tf.moments(x, axes, true)
  return tf.div(tf.sub(x, mean), tf.sqrt(tf.add(variance, epsilon)))
}

const convolution: Compute = (inputs, config, [kernel, bias]) => {
  const x = image(one(inputs))
  const groups = Number(config['groups'] ?? 1)
  const [strides, dilation] = [pair(config, 'strides'), pair(config, 'dilation_rate')]
  const convolve = (part: Tensor, weights: Tensor) =>
    tf.conv2d(image(part), image(weights), strides, padding(config), 'NHWC', dilation)
  if (groups === 1) return finished(convolve(x, image(kernel)), config, bias)
  const [parts, kernels] = [tf.split(x, groups, 3), tf.split(image(kernel), groups, 3)]
  return finished(
    tf.concat(
      parts.map((part, at) => convolve(part, image(kernels[at]))),
      3,
    ),
    config,
    bias,
  )
}

const depthwise: Compute = (inputs, config, [kernel, bias]) =>
  finished(
    tf.depthwiseConv2d(image(one(inputs)), image(kernel), pair(config, 'strides'), padding(config)),
    config,
    bias,
  )

/** `valid` gives each input a whole stride at least: `size · stride + max(kernel - stride, 0)`. */
const transposed: Compute = (inputs, config, [kernel, bias]) => {
  const x = image(one(inputs))
  const [strides, size] = [pair(config, 'strides'), pair(config, 'kernel_size')]
  const along = (axis: 0 | 1) => (x.shape[axis + 1] ?? 1) * strides[axis] + Math.max(size[axis] - strides[axis], 0)
  const filters = Number(config['filters'])
  const y = tf.conv2dTranspose(x, image(kernel), [x.shape[0], along(0), along(1), filters], strides, 'valid')
  return finished(y, config, bias)
}

const dense: Compute = (inputs, config, [kernel, bias]) => {
  const x = one(inputs)
  if (!kernel) throw new Error('a Dense without its kernel')
  const [entering = 1, leaving = 1] = kernel.shape
  const rows = tf.matMul(tf.reshape(x, [-1, entering]), kernel)
  return finished(tf.reshape(rows, [...x.shape.slice(0, -1), leaving]), config, bias)
}

const batchNorm: Compute = (inputs, config, weights) => {
  const [mean, variance] = weights.slice(-2)
  if (!mean || !variance) throw new Error('a BatchNormalization without its statistics')
  const normalised = tf.div(tf.sub(one(inputs), mean), tf.sqrt(tf.add(variance, Number(config['epsilon']))))
  return affine(normalised, config, weights.slice(0, -2))
}

const layerNorm: Compute = (inputs, config, weights) => {
  const x = one(inputs)
  const axes = Array.isArray(config['axis']) ? config['axis'].map(Number) : [x.rank - 1]
  return affine(even(x, axes, Number(config['epsilon'])), config, weights)
}

const groupNorm: Compute = (inputs, config, weights) => {
  const x = image(one(inputs))
  const groups = Number(config['groups'])
  const [count, height, width, channels] = x.shape
  const split = tf.reshape(x, [count, height * width, groups, channels / groups])
  return affine(tf.reshape(even(split, [1, 3], Number(config['epsilon'])), x.shape), config, weights)
}

const merged =
  (combine: (a: Tensor, b: Tensor) => Tensor): Compute =>
  (inputs) =>
    inputs.reduce(combine)

export const kerasLayers: Readonly<Record<string, Compute | undefined>> = {
  Conv2D: convolution,
  DepthwiseConv2D: depthwise,
  Conv2DTranspose: transposed,
  Dense: dense,
  BatchNormalization: batchNorm,
  LayerNormalization: layerNorm,
  GroupNormalization: groupNorm,
  Activation: (inputs, config) => activated(one(inputs), text(config, 'activation')),
  LeakyReLU: (inputs, config) => tf.leakyRelu(one(inputs), Number(config['negative_slope'])),
  PReLU: (inputs, _config, [alpha]) => tf.add(tf.relu(one(inputs)), tf.mul(tf.minimum(one(inputs), 0), alpha ?? 0)),
  ELU: (inputs, config) => {
    const x = one(inputs)
    return tf.where(tf.greater(x, 0), x, tf.mul(tf.expm1(tf.minimum(x, 0)), Number(config['alpha'])))
  },
  Softmax: (inputs) => tf.softmax(one(inputs)),
  Rescaling: (inputs, config) => tf.add(tf.mul(one(inputs), Number(config['scale'])), Number(config['offset'])),
  MaxPooling2D: (inputs, config) =>
    tf.maxPool(image(one(inputs)), pair(config, 'pool_size'), pair(config, 'strides'), padding(config)),
  AveragePooling2D: (inputs, config) =>
    tf.avgPool(image(one(inputs)), pair(config, 'pool_size'), pair(config, 'strides'), padding(config)),
  GlobalAveragePooling2D: (inputs, config) => tf.mean(one(inputs), [1, 2], config['keepdims'] === true),
  ZeroPadding2D: (inputs, config) => tf.pad(one(inputs), [[0, 0], ...sides(config, 'padding'), [0, 0]]),
  Cropping2D(inputs, config) {
    const x = image(one(inputs))
    const [[top, bottom], [left, right]] = sides(config, 'cropping')
    return tf.slice(x, [0, top, left, 0], [-1, x.shape[1] - top - bottom, x.shape[2] - left - right, -1])
  },
  UpSampling2D(inputs, config) {
    const x = image(one(inputs))
    const [down, across] = pair(config, 'size')
    return tf.image.resizeNearestNeighbor(x, [x.shape[1] * down, x.shape[2] * across])
  },
  Permute: (inputs, config) => tf.transpose(one(inputs), [0, ...numbers(config, 'dims')]),
  Reshape: (inputs, config) => tf.reshape(one(inputs), [one(inputs).shape[0] ?? 1, ...numbers(config, 'target_shape')]),
  Flatten: (inputs) => tf.reshape(one(inputs), [one(inputs).shape[0] ?? 1, -1]),
  Add: merged((a, b) => tf.add(a, b)),
  Multiply: merged((a, b) => tf.mul(a, b)),
  Maximum: merged((a, b) => tf.maximum(a, b)),
  Concatenate: (inputs) => tf.concat([...inputs] as Tensor1D[], -1),
  Dropout: one,
  SpatialDropout2D: one,
}
