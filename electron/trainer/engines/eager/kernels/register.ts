import type { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu'
import {
  backend_util,
  getKernel,
  registerKernel,
  unregisterKernel,
  util,
  type KernelConfig,
  type NamedAttrMap,
  type TensorInfo,
} from '@tensorflow/tfjs-core'
import { convolve, convolveInputGradient, convolveKernelGradient } from './convolution'
import { convolveDepthwise, depthwiseInputGradient, depthwiseKernelGradient } from './depthwise'
import { transposed } from '../../weights/transpose'
import { multiplyTransposed } from './gemm'
import { innerLength, pointwise, sumRepeats, type Pointwise } from './pointwise'
import { maxPool, maxPoolGradient } from './pooling'

const backendName = 'cpu'

interface KernelCall {
  /** By the name that tfjs gives each input of the kernel. */
  readonly inputs: Readonly<Record<string, TensorInfo>>
  readonly attributes: NamedAttrMap
  values(input: TensorInfo): Float32Array
}

interface KernelResult {
  readonly shape: readonly number[]
  readonly values: Float32Array
}

/** A faster way for some calls of a kernel; null leaves the call to tfjs. */
type FastPath = (call: KernelCall) => KernelResult | null

type Shape4D = [number, number, number, number]
type ConvolutionArguments = Parameters<typeof backend_util.computeConv2DInfo>
type PoolArguments = Parameters<typeof backend_util.computePool2DInfo>

const fastPaths: Readonly<Record<string, FastPath>> = {
  Conv2D({ inputs, attributes, values }) {
    const [x, filter] = [input(inputs, 'x'), input(inputs, 'filter')]
    const geometry = convolutionGeometry(x.shape, filter.shape, attributes)
    return { shape: geometry.outShape, values: convolve(values(x), values(filter), geometry) }
  },
  Conv2DBackpropInput({ inputs, attributes, values }) {
    const [dy, filter] = [input(inputs, 'dy'), input(inputs, 'filter')]
    const shape = attributes['inputShape'] as number[]
    const geometry = convolutionGeometry(shape, filter.shape, attributes)
    return { shape, values: convolveInputGradient(values(dy), values(filter), geometry) }
  },
  Conv2DBackpropFilter({ inputs, attributes, values }) {
    const [x, dy] = [input(inputs, 'x'), input(inputs, 'dy')]
    const shape = attributes['filterShape'] as number[]
    const geometry = convolutionGeometry(x.shape, shape, attributes)
    return { shape, values: convolveKernelGradient(values(x), values(dy), geometry) }
  },
  DepthwiseConv2dNative({ inputs, attributes, values }) {
    const [x, filter] = [input(inputs, 'x'), input(inputs, 'filter')]
    const geometry = depthwiseGeometry(x.shape, filter.shape, attributes)
    return geometry && { shape: geometry.outShape, values: convolveDepthwise(values(x), values(filter), geometry) }
  },
  DepthwiseConv2dNativeBackpropInput({ inputs, attributes, values }) {
    const [dy, filter] = [input(inputs, 'dy'), input(inputs, 'filter')]
    const shape = attributes['inputShape'] as number[]
    const geometry = depthwiseGeometry(shape, filter.shape, attributes)
    return geometry && { shape, values: depthwiseInputGradient(values(dy), values(filter), geometry) }
  },
  DepthwiseConv2dNativeBackpropFilter({ inputs, attributes, values }) {
    const [x, dy] = [input(inputs, 'x'), input(inputs, 'dy')]
    const shape = attributes['filterShape'] as number[]
    const geometry = depthwiseGeometry(x.shape, shape, attributes)
    return geometry && { shape, values: depthwiseKernelGradient(values(x), values(dy), geometry) }
  },
  MaxPool({ inputs, attributes, values }) {
    const x = input(inputs, 'x')
    const geometry = poolGeometry(x.shape, attributes)
    return { shape: geometry.outShape, values: maxPool(values(x), geometry) }
  },
  MaxPoolGrad({ inputs, attributes, values }) {
    const [dy, x, y] = [input(inputs, 'dy'), input(inputs, 'input'), input(inputs, 'output')]
    const geometry = poolGeometry(x.shape, attributes)
    return { shape: x.shape, values: maxPoolGradient(values(dy), values(x), values(y), geometry) }
  },
  BatchMatMul({ inputs, attributes, values }) {
    const [a, b] = [input(inputs, 'a'), input(inputs, 'b')]
    const [aRows = 1, aColumns = 1, ...aMore] = a.shape
    const [bRows = 1, bColumns = 1, ...bMore] = b.shape
    if (aMore.length > 0 || bMore.length > 0) return null
    const [m, k] = attributes['transposeA'] === true ? [aColumns, aRows] : [aRows, aColumns]
    const n = attributes['transposeB'] === true ? bRows : bColumns
    const left = attributes['transposeA'] === true ? transposed(values(a), aRows, aColumns) : values(a)
    const right = attributes['transposeB'] === true ? values(b) : transposed(values(b), bRows, bColumns)
    const product = new Float32Array(m * n)
    multiplyTransposed(left, right, product, [m, n, k])
    return { shape: [m, n], values: product }
  },
  Add: pointwisePath('add'),
  Sub: pointwisePath('subtract'),
  Multiply: pointwisePath('multiply'),
  Sum({ inputs, attributes, values }) {
    const x = input(inputs, 'x')
    const axes = util.parseAxisParam(attributes['axis'] as number | number[], x.shape).toSorted((a, b) => a - b)
    const [first = 0] = axes
    if (axes.some((axis, index) => axis !== first + index)) return null
    const inner = util.sizeFromShape(x.shape.slice(first + axes.length))
    const repeats = util.sizeFromShape(x.shape.slice(first, first + axes.length))
    const kept = attributes['keepDims'] === true ? axes.map(() => 1) : []
    const shape = [...x.shape.slice(0, first), ...kept, ...x.shape.slice(first + axes.length)]
    return { shape, values: sumRepeats(values(x), repeats, inner) }
  },
}

let registered = false

/**
 * Puts typed-array kernels before those of tfjs's plain JavaScript backend that take most of a training step's time. Some
 * of tfjs's work out the position of every value from its coordinates.
 */
export function registerFastKernels(): void {
  if (registered) return
  registered = true
  for (const [name, path] of Object.entries(fastPaths)) {
    const original = getKernel(name, backendName)
    unregisterKernel(name, backendName)
    registerKernel(withFastPath(original, path))
  }
}

function withFastPath(original: KernelConfig, path: FastPath): KernelConfig {
  return {
    ...original,
    kernelFunc(call) {
      const backend = call.backend as MathBackendCPU
      const inputs = call.inputs as Readonly<Record<string, TensorInfo>>
      if (Object.values(inputs).some((tensor) => tensor.dtype !== 'float32')) return original.kernelFunc(call)
      const values = (tensor: TensorInfo) => backend.data.get(tensor.dataId).values as Float32Array
      const result = path({ inputs, attributes: call.attrs ?? {}, values })
      if (!result) return original.kernelFunc(call)
      return backend.makeTensorInfo([...result.shape], 'float32', result.values)
    },
  }
}

function pointwisePath(operation: Pointwise): FastPath {
  return ({ inputs, values }) => {
    const [a, b] = [input(inputs, 'a'), input(inputs, 'b')]
    const inner = innerLength(a.shape, b.shape)
    if (inner === null) return null
    return { shape: a.shape, values: pointwise(operation, values(a), values(b), inner) }
  }
}

/** Null for a dilated kernel. */
function depthwiseGeometry(inShape: number[], filterShape: number[], attributes: NamedAttrMap) {
  const geometry = convolutionGeometry(inShape, filterShape, attributes, true)
  return geometry.dilationHeight === 1 && geometry.dilationWidth === 1 ? geometry : null
}

function convolutionGeometry(inShape: number[], filterShape: number[], attributes: NamedAttrMap, depthwise = false) {
  return backend_util.computeConv2DInfo(
    inShape as Shape4D,
    filterShape as Shape4D,
    attributes['strides'] as ConvolutionArguments[2],
    (attributes['dilations'] ?? 1) as ConvolutionArguments[3],
    attributes['pad'] as ConvolutionArguments[4],
    attributes['dimRoundingMode'] as ConvolutionArguments[5],
    depthwise,
  )
}

function poolGeometry(inShape: number[], attributes: NamedAttrMap) {
  return backend_util.computePool2DInfo(
    inShape as Shape4D,
    attributes['filterSize'] as PoolArguments[1],
    attributes['strides'] as PoolArguments[2],
    1,
    attributes['pad'] as PoolArguments[4],
    attributes['dimRoundingMode'] as PoolArguments[5],
  )
}

function input(inputs: Readonly<Record<string, TensorInfo>>, name: string): TensorInfo {
  const found = inputs[name]
  if (!found) throw new RangeError(`the kernel has no input "${name}"`)
  return found
}
