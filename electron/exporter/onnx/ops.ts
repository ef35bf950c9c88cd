import type { NamedTensor } from '../../../shared/formats/tensors'
import { slide, transposedSize } from '../../../shared/layers/params'
import { asImage, elementCount, type ImageShape, type Shape } from '../../../shared/network/shape'
import { adaptiveBins, averageWindows, interpolation, type AxisMap } from '../../../shared/ops/axis-maps'
import type { AvgPoolOptions, Ops, ResizeOptions, Sides } from '../../../shared/ops/ops'
import type { OnnxAttributes, OnnxGraph, OnnxValue } from './graph'

/** A weight's name is its initializer's; its values are in PyTorch's layout, which is ONNX's. */
export interface OnnxWeight extends OnnxValue {
  readonly tensor: NamedTensor
}

type Value = OnnxValue | OnnxWeight

/** The layers' operations as ONNX nodes, NCHW. `layer()` names the one whose turn it is. */
export function onnxOps(graph: OnnxGraph, layer: () => string): Ops<Value> {
  const add = (op: string, inputs: readonly Value[], shape: Shape, attributes: OnnxAttributes = {}) =>
    graph.add(
      op,
      layer(),
      inputs.map(({ name }) => name),
      shape,
      attributes,
    )
  const valuewise = (op: string, x: Value, attributes: OnnxAttributes = {}) => add(op, [x], x.shape, attributes)
  const constant = (part: string, shape: readonly number[], values: Float32Array): Value => ({
    name: graph.floats(`${layer()}_${part}`, shape, values),
    shape,
  })
  const integers = (part: string, values: readonly number[]): Value => ({
    name: graph.integers(`${layer()}_${part}`, values),
    shape: [values.length],
  })
  const reshaped = (x: Value, sizes: readonly number[], shape: Shape) =>
    add('Reshape', [x, integers('shape', sizes)], shape)

  /** Factors or terms for each channel, which a picture needs as `[channels, 1, 1]`. */
  function perChannel(part: string, x: Value, values: Float32Array): Value {
    const shape = asImage(x.shape) ? [values.length, 1, 1] : [values.length]
    return constant(part, shape, values)
  }

  /** Both axes by a matrix `[out, in]` each: `rows · x · columnsᵀ`. */
  function mapAxes(x: Value, rows: AxisMap, columns: AxisMap): OnnxValue {
    const { channels, height } = imageOf(x)
    const [down, across] = [rows.length, columns.length]
    const turned = Float32Array.from({ length: across * (columns[0]?.length ?? 0) }, (_, at) => {
      return columns[at % across]?.[Math.floor(at / across)] ?? 0
    })
    const right = constant('columns', [columns[0]?.length ?? 0, across], turned)
    const left = constant('rows', [down, height], Float32Array.from(rows.flat()))
    const wide = add('MatMul', [x, right], [height, across, channels])
    return add('MatMul', [left, wide], [down, across, channels])
  }

  function averagePool(x: Value, options: Omit<AvgPoolOptions, 'excess'>): OnnxValue {
    const { kernel, stride, padding, countPadding } = options
    const { height, width } = slide(imageOf(x), { kernel, stride, padding, dilation: [1, 1] })
    return add('AveragePool', [x], [height, width, imageOf(x).channels], {
      kernel_shape: kernel,
      strides: stride,
      ...pads(padding),
      count_include_pad: countPadding ? 1 : 0,
    })
  }

  function normalised(x: Value, eps: number, scale: Value | null, shift: Value | null): OnnxValue {
    graph.needs(17)
    const image = asImage(x.shape)
    const shape = image ? [image.channels, image.height, image.width] : x.shape
    const ones = scale ?? constant('scale', shape, new Float32Array(elementCount(shape)).fill(1))
    return add('LayerNormalization', [x, ones, ...(shift ? [shift] : [])], x.shape, {
      axis: 1,
      epsilon: { float: eps },
    })
  }

  return {
    conv2d(x, kernel, options) {
      const [out = 1, , kh = 1, kw = 1] = kernel.shape
      const { height, width } = slide(imageOf(x), { kernel: [kh, kw], ...options })
      return add('Conv', [x, kernel], [height, width, out], {
        kernel_shape: [kh, kw],
        strides: options.stride,
        ...pads(options.padding),
        dilations: options.dilation,
        group: options.groups,
      })
    },
    convTranspose2d(x, kernel, { stride, padding, outputPadding, dilation, groups }) {
      const [, perGroup = 1, kh = 1, kw = 1] = kernel.shape
      const { height, width } = imageOf(x)
      const [down, across] = ([0, 1] as const).map((axis) =>
        transposedSize(axis === 0 ? height : width, axis === 0 ? kh : kw, {
          stride: stride[axis],
          padding: padding[axis],
          outputPadding: outputPadding[axis],
          dilation: dilation[axis],
        }),
      )
      const channels = perGroup * groups
      // Runtimes want less than a stride of it; more is cut off less, and what lies beyond is zeros.
      const usual = outputPadding.every((more, axis) => more < (stride[axis] ?? 1))
      const ends = usual ? padding : padding.map((side, axis) => Math.max(0, side - (outputPadding[axis] ?? 0)))
      const beyond = padding.map((side, axis) => (usual ? 0 : Math.max(0, (outputPadding[axis] ?? 0) - side)))
      const whole: Shape = [(down ?? 1) - (beyond[0] ?? 0), (across ?? 1) - (beyond[1] ?? 0), channels]
      const value = add('ConvTranspose', [x, kernel], whole, {
        kernel_shape: [kh, kw],
        strides: stride,
        pads: [...padding, ...ends],
        ...(usual ? { output_padding: outputPadding } : {}),
        dilations: dilation,
        group: groups,
      })
      if (beyond.every((side) => side === 0)) return value
      return padded(value, { ...nothing, bottom: beyond[0] ?? 0, right: beyond[1] ?? 0 }, null)
    },
    biasAdd(x, bias) {
      if (graph.takesInput(x, ['Conv', 'ConvTranspose', 'Gemm'], 2)) {
        graph.giveInput(x, bias.name)
        return x
      }
      return add('Add', [x, perChannel('bias', x, tensorOf(bias).values)], x.shape)
    },
    matMul: (x, w) => add('Gemm', [x, w], [w.shape[0] ?? 1], { transB: 1 }),
    batchNorm(x, { scale, shift, runningMean, runningVar }, { eps, momentum }) {
      const count = runningMean.shape[0] ?? 1
      const ones = scale ?? constant('scale', [count], new Float32Array(count).fill(1))
      const zeros = shift ?? constant('shift', [count], new Float32Array(count))
      return add('BatchNormalization', [x, ones, zeros, runningMean, runningVar], x.shape, {
        epsilon: { float: eps },
        momentum: { float: 1 - momentum },
      })
    },
    layerNorm: (x, { scale, shift }, { eps }) => normalised(x, eps, scale, shift),
    groupNorm(x, { scale, shift }, { groups, eps }) {
      graph.needs(21)
      const { channels } = imageOf(x)
      const ones = scale ?? constant('scale', [channels], new Float32Array(channels).fill(1))
      const zeros = shift ?? constant('shift', [channels], new Float32Array(channels))
      const attributes = { num_groups: groups, epsilon: { float: eps } }
      return add('GroupNormalization', [x, ones, zeros], x.shape, attributes)
    },

    relu: (x) => valuewise('Relu', x),
    leakyRelu: (x, { slope }) => valuewise('LeakyRelu', x, { alpha: { float: slope } }),
    prelu(x, slope) {
      const { values } = tensorOf(slope)
      const shape = asImage(x.shape) ? [values.length, 1, 1] : [values.length]
      // The weight itself, in the shape that ONNX wants: what reads the file finds it by its name.
      return add('PRelu', [x, { name: graph.weight(slope.name, { shape, values }), shape }], x.shape)
    },
    elu: (x, { alpha }) => valuewise('Elu', x, { alpha: { float: alpha } }),
    gelu(x, { approximate }) {
      graph.needs(20)
      return valuewise('Gelu', x, { approximate })
    },
    silu: (x) => add('Mul', [x, valuewise('Sigmoid', x)], x.shape),
    sigmoid: (x) => valuewise('Sigmoid', x),
    tanh: (x) => valuewise('Tanh', x),
    softmax: (x) => valuewise('Softmax', x, { axis: 1 }),

    maxPool(x, { kernel, stride, padding, dilation }) {
      const { height, width } = slide(imageOf(x), { kernel, stride, padding, dilation })
      const attributes = { kernel_shape: kernel, strides: stride, dilations: dilation }
      const shape = [height, width, imageOf(x).channels]
      const fits = padding.bottom < kernel[0] && padding.right < kernel[1]
      if (fits) return add('MaxPool', [x], shape, { ...attributes, ...pads(padding) })
      const lowest = constant('lowest', [], Float32Array.of(-Infinity))
      return add('MaxPool', [padded(x, padding, lowest), x].slice(0, 1), shape, attributes)
    },
    avgPool(x, options) {
      const { excess, kernel, padding } = options
      const fits = padding.bottom < kernel[0] && padding.right < kernel[1]
      if (fits && excess.every((side) => side === 0)) return averagePool(x, options)
      const { height, width } = imageOf(x)
      return mapAxes(x, averageWindows(height, 0, options), averageWindows(width, 1, options))
    },
    adaptiveAvgPool(x, { size: [rows, columns] }) {
      const { height, width, channels } = imageOf(x)
      if (rows === 1 && columns === 1) return add('GlobalAveragePool', [x], [1, 1, channels])
      if (height % rows === 0 && width % columns === 0) {
        const bin = [height / rows, width / columns] as const
        return averagePool(x, { kernel: bin, stride: bin, padding: nothing, countPadding: true })
      }
      return mapAxes(x, adaptiveBins(height, rows), adaptiveBins(width, columns))
    },
    resize(x, options) {
      const { height, width, channels } = imageOf(x)
      const { size, mode, alignCorners } = options
      const shape = [...size, channels]
      if (mode === 'nearest' && !resizesAlike(options, height, width)) {
        const [rows, columns] = [sources(height, options, 0), sources(width, options, 1)]
        const tall = add('Gather', [x, integers('rows', rows)], [size[0], width, channels], { axis: 2 })
        return add('Gather', [tall, integers('columns', columns)], shape, { axis: 3 })
      }
      const scales = [size[0] / height, size[1] / width]
      const whole = scales.every(Number.isInteger)
      const absent = { name: '', shape: [] }
      // Sizes would need the batch's too, which is open; of the picture's axes alone only newer operators take them.
      if (!whole) graph.needs(18)
      const factors = whole
        ? [constant('scales', [4], Float32Array.of(1, 1, ...scales))]
        : [absent, integers('sizes', size)]
      return add('Resize', [x, absent, ...factors], shape, {
        ...(whole ? {} : { axes: [2, 3] }),
        mode: mode === 'nearest' ? 'nearest' : 'linear',
        coordinate_transformation_mode:
          mode === 'nearest' ? 'asymmetric' : alignCorners ? 'align_corners' : 'half_pixel',
        ...(mode === 'nearest' ? { nearest_mode: 'floor' } : {}),
      })
    },
    zeroPad: (x, sides) => padded(x, sides, null),

    flatten: (x) => add('Flatten', [x], [elementCount(x.shape)], { axis: 1 }),
    reshape(x, shape) {
      const image = asImage(shape)
      return reshaped(x, [0, ...(image ? [image.channels, image.height, image.width] : shape)], shape)
    },

    add: (terms) => add(terms.length === 2 ? 'Add' : 'Sum', terms, terms[0].shape),
    concatenate(parts) {
      const last = parts.reduce((sum, part) => sum + (part.shape.at(-1) ?? 0), 0)
      return add('Concat', parts, [...parts[0].shape.slice(0, -1), last], { axis: 1 })
    },
    multiply(a, b) {
      const image = [a, b].find(({ shape }) => shape.length === 3)
      const wide = (x: Value) =>
        image && x.shape.length === 1 ? reshaped(x, [0, -1, 1, 1], [1, 1, x.shape[0] ?? 1]) : x
      const shape = image
        ? ([a, b].map((x) => x.shape).sort((s, t) => elementCount(t) - elementCount(s))[0] ?? [])
        : a.shape
      return add('Mul', [wide(a), wide(b)], image && shape.length === 1 ? image.shape : shape)
    },
    dropout(x, { rate }) {
      return add('Dropout', [x, constant('ratio', [], Float32Array.of(rate))], x.shape)
    },
  }

  function padded(x: Value, { top, bottom, left, right }: Sides, value: Value | null): OnnxValue {
    const { height, width, channels } = imageOf(x)
    const sides = integers('pads', [0, 0, top, left, 0, 0, bottom, right])
    const shape = [height + top + bottom, width + left + right, channels]
    return add('Pad', [x, sides, ...(value ? [value] : [])], shape, { mode: 'constant' })
  }
}

const nothing: Sides = { top: 0, bottom: 0, left: 0, right: 0 }

function pads({ top, left, bottom, right }: Sides): OnnxAttributes {
  return { pads: [top, left, bottom, right] }
}

function imageOf(value: Value): ImageShape {
  const image = asImage(value.shape)
  if (!image) throw new RangeError('an image was expected')
  return image
}

function tensorOf(value: Value): NamedTensor {
  if ('tensor' in value) return value.tensor
  throw new RangeError(`${value.name} is no weight`)
}

/** For each output the place that it copies. */
function sources(size: number, options: ResizeOptions, axis: 0 | 1): number[] {
  return interpolation(size, options.size[axis], 'nearest', false).map((row) => row.indexOf(1))
}

/** Whether ONNX's `asymmetric` with `floor` copies the same places as PyTorch. */
function resizesAlike(options: ResizeOptions, height: number, width: number): boolean {
  return ([0, 1] as const).every((axis) => options.size[axis] % (axis === 0 ? height : width) === 0)
}
