import { asImage, elementCount } from '../../../shared/network/shape'
import { adaptiveBins, averageWindows, interpolation } from '../../../shared/ops/axis-maps'
import type { Ops } from '../../../shared/ops/ops'
import { kerasConvolutions } from './convolutions'
import type { KerasGraph, KerasValue, KerasWeight } from './graph'
import { lowestPadding } from './lowest-padding'
import { kerasPools } from './pools'
import { kerasShapes } from './shapes'
import { imageOf, isNone, isOrdered, sidesOf, tensorOf, weight, type Pair, type Value } from './values'

/** The layers' operations as layers of Keras; what it has no layer for becomes several that compute the same. */
export function kerasOps(graph: KerasGraph): Ops<Value> {
  const isKeras = graph.dialect === 'keras'
  const shapes = kerasShapes(graph)
  const { activation, rescaled, permuted, reshaped, padded, mapAxes } = shapes
  const { pool, dilatedMaximum } = kerasPools(graph, shapes)
  const { convolution, transposedConvolution, channelwise } = kerasConvolutions(graph, shapes)

  function normalised(
    x: Value,
    className: string,
    config: object,
    weights: readonly (KerasWeight | null)[],
  ): KerasValue {
    return graph.add(
      className,
      '',
      [x],
      x.shape,
      { ...config },
      weights.filter((weight) => weight !== null),
    )
  }

  /** TensorFlow.js has no GroupNormalization: groups become rows, which LayerNormalization brings to 0 and 1. */
  function groupedRows(x: Value, groups: number, eps: number): KerasValue {
    const { height, width, channels } = imageOf(x)
    const rows = reshaped('groups', permuted('turn', x, [3, 1, 2]), [groups, elementCount(x.shape) / groups])
    const config = { axis: -1, epsilon: eps, center: false, scale: false }
    const even = graph.add('LayerNormalization', 'rows', [rows], rows.shape, config)
    return permuted('turn', reshaped('channels', even, [channels, height, width]), [2, 3, 1])
  }

  return {
    conv2d: (x, kernel, options) => convolution(x, tensorOf(kernel), options),
    convTranspose2d: (x, kernel, options) => transposedConvolution(x, tensorOf(kernel), options),
    biasAdd(x, bias) {
      if (!graph.giveBias(x, tensorOf(bias))) throw new RangeError(`${x.name} carries no bias`)
      return x
    },
    matMul(x, w) {
      const [, units = 1] = w.shape
      const config = { units, activation: 'linear', use_bias: false }
      return graph.add('Dense', '', [x], [units], config, [{ name: 'kernel', tensor: tensorOf(w) }])
    },
    batchNorm(x, { scale, shift, runningMean, runningVar }, { eps, momentum }) {
      const config = {
        axis: -1,
        // Keras counts what is kept, PyTorch what is new; rounded, so that 1 - 0.1 is 0.9.
        momentum: Number((1 - momentum).toPrecision(12)),
        epsilon: eps,
        center: shift !== null,
        scale: scale !== null,
      }
      const running = [weight('moving_mean', runningMean), weight('moving_variance', runningVar)]
      return normalised(x, 'BatchNormalization', config, [weight('gamma', scale), weight('beta', shift), ...running])
    },
    layerNorm(x, { scale, shift }, { eps }) {
      const axes = x.shape.map((_size, axis) => axis + 1)
      const config = { axis: axes.length > 1 ? axes : -1, epsilon: eps, center: shift !== null, scale: scale !== null }
      return normalised(x, 'LayerNormalization', config, [weight('gamma', scale), weight('beta', shift)])
    },
    groupNorm(x, { scale, shift }, { groups, eps }) {
      if (!isKeras) return channelwise(groupedRows(x, groups, eps), scale, shift)
      const config = { groups, axis: -1, epsilon: eps, center: shift !== null, scale: scale !== null }
      return normalised(x, 'GroupNormalization', config, [weight('gamma', scale), weight('beta', shift)])
    },

    relu: (x) => activation('relu', x, true),
    leakyRelu: (x, { slope }) =>
      graph.add('LeakyReLU', '', [x], x.shape, isKeras ? { negative_slope: slope } : { alpha: slope }),
    prelu(x, slope) {
      const { values } = tensorOf(slope)
      const axes = x.shape.map((_size, axis) => axis + 1)
      const shared = values.length > 1 ? axes.slice(0, -1) : axes
      const shape = x.shape.map((size, axis) => (shared.includes(axis + 1) ? 1 : size))
      const config = { shared_axes: shared.length > 0 ? shared : null }
      return graph.add('PReLU', '', [x], x.shape, config, [{ name: 'alpha', tensor: { shape, values } }])
    },
    elu(x, { alpha }) {
      if (isKeras || alpha === 1) return graph.add('ELU', '', [x], x.shape, { alpha })
      // TensorFlow.js has the one of 1 alone: what it makes of values below zero is turned over, kept and scaled.
      const below = activation('relu', rescaled('turned', activation('elu', x, false, 'elu'), -1, 0), true, 'below')
      const terms = [activation('relu', x, true, 'above'), rescaled('scaled', below, -alpha, 0)]
      return graph.add('Add', '', terms, x.shape)
    },
    gelu(x, { approximate }) {
      if (approximate === 'none') return activation('gelu', x)
      // The layer knows the exact formula only: 0.5 · x · (1 + tanh(√(2/π) · (x + 0.044715 · x³))).
      const cube = graph.add('Multiply', 'cube', [x, x, x], x.shape)
      const sum = graph.add('Add', 'sum', [x, rescaled('share', cube, 0.044715, 0)], x.shape)
      const bent = activation('tanh', rescaled('inner', sum, Math.sqrt(2 / Math.PI), 0), false, 'tanh')
      return graph.add('Multiply', '', [x, rescaled('half', bent, 0.5, 0.5)], x.shape)
    },
    silu(x) {
      if (isKeras) return activation('silu', x)
      return graph.add('Multiply', '', [x, activation('sigmoid', x, true, 'sigmoid')], x.shape)
    },
    sigmoid: (x) => activation('sigmoid', x, true),
    tanh: (x) => activation('tanh', x),
    softmax: (x) => graph.add('Softmax', '', [x], x.shape, { axis: -1 }, [], true),

    maxPool(x, options) {
      const { kernel, stride, padding, dilation } = options
      const entering = isNone(padding) || x.isPositive ? padded(x, padding) : lowestPadding(graph, x, padding)
      if (dilation[0] > 1 || dilation[1] > 1) return dilatedMaximum(entering, options)
      return pool('MaxPooling2D', '', entering, kernel, stride)
    },
    avgPool(x, options) {
      const { kernel, stride, padding, excess, countPadding } = options
      const { height, width } = imageOf(x)
      const plain = excess.every((side) => side === 0) && (countPadding || isNone(padding))
      if (plain) return pool('AveragePooling2D', '', padded(x, padding), kernel, stride)
      return mapAxes(x, averageWindows(height, 0, options), averageWindows(width, 1, options))
    },
    adaptiveAvgPool(x, { size: [rows, columns] }) {
      const { height, width, channels } = imageOf(x)
      if (rows === 1 && columns === 1) {
        if (isKeras)
          return graph.add(
            'GlobalAveragePooling2D',
            '',
            [x],
            [1, 1, channels],
            { keepdims: true, data_format: 'channels_last' },
            [],
            x.isPositive,
          )
        const means = graph.add(
          'GlobalAveragePooling2D',
          '',
          [x],
          [channels],
          { data_format: 'channels_last' },
          [],
          x.isPositive,
        )
        return reshaped('picture', means, [1, 1, channels])
      }
      const bin: Pair = [height / rows, width / columns]
      if (bin.every(Number.isInteger)) return pool('AveragePooling2D', '', x, bin, bin)
      return mapAxes(x, adaptiveBins(height, rows), adaptiveBins(width, columns))
    },
    resize(x, { size, mode, alignCorners }) {
      const { height, width, channels } = imageOf(x)
      const times: Pair = [size[0] / height, size[1] / width]
      if (mode === 'nearest' && times.every(Number.isInteger)) {
        const config = { size: times, interpolation: 'nearest', data_format: 'channels_last' }
        return graph.add('UpSampling2D', '', [x], [...size, channels], config, [], x.isPositive)
      }
      return mapAxes(
        x,
        interpolation(height, size[0], mode, alignCorners),
        interpolation(width, size[1], mode, alignCorners),
      )
    },
    zeroPad(x, sides) {
      const { height, width, channels } = imageOf(x)
      const shape = [height + sides.top + sides.bottom, width + sides.left + sides.right, channels]
      const config = { padding: sidesOf(sides), data_format: 'channels_last' }
      return graph.add('ZeroPadding2D', '', [x], shape, config, [], x.isPositive)
    },

    flatten(x) {
      const turned = isOrdered(x.shape) ? x : permuted('permute', x, [3, 1, 2])
      return graph.add('Flatten', '', [turned], [elementCount(x.shape)], {}, [], x.isPositive)
    },
    reshape(x, shape) {
      const image = asImage(shape)
      const turned = asImage(x.shape) ? permuted('channels_first', x, [3, 1, 2]) : x
      const value = reshaped('', turned, image ? [image.channels, image.height, image.width] : shape)
      return image ? permuted('channels_last', value, [2, 3, 1]) : value
    },

    add: (terms) =>
      graph.add(
        'Add',
        '',
        terms,
        terms[0].shape,
        {},
        [],
        terms.every(({ isPositive }) => isPositive),
      ),
    concatenate(parts) {
      const last = parts.reduce((sum, part) => sum + (part.shape.at(-1) ?? 0), 0)
      const isPositive = parts.every((part) => part.isPositive)
      return graph.add('Concatenate', '', parts, [...parts[0].shape.slice(0, -1), last], { axis: -1 }, [], isPositive)
    },
    multiply(a, b) {
      const image = [a, b].find(({ shape }) => shape.length === 3)
      const factors = [a, b].map((x) =>
        image && x.shape.length === 1 ? reshaped('factor', x, [1, 1, x.shape[0] ?? 1]) : x,
      )
      const [largest = a] = [...factors].sort((one, other) => elementCount(other.shape) - elementCount(one.shape))
      return graph.add('Multiply', '', factors, largest.shape, {}, [], a.isPositive && b.isPositive)
    },
    dropout(x, { rate, channels }) {
      const className = channels && isKeras ? 'SpatialDropout2D' : 'Dropout'
      return graph.add(className, '', [x], x.shape, { rate }, [], x.isPositive)
    },
  }
}
