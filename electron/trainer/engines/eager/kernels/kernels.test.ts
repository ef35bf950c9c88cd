import '@tensorflow/tfjs-backend-cpu'
import { enableProdMode, engine, tensor, tidy, type Tensor } from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { createRandom } from '../../../../../shared/training/random'
import { registerFastKernels } from './register'

type Call = () => Tensor

interface Result {
  readonly shape: readonly number[]
  readonly values: Float32Array
}

// Otherwise tfjs advises on the terminal to install tfjs-node.
enableProdMode()

function noise(shape: number[], name: string): Tensor {
  const random = createRandom('kernels', name, shape.join())
  const size = shape.reduce((product, length) => product * length, 1)
  // Few different values, so that windows hold equal ones.
  return tensor(
    Float32Array.from({ length: size }, () => Math.round(random.uniform() * 20 - 10) / 8),
    shape,
  )
}

const window = { dataFormat: 'NHWC', dimRoundingMode: 'floor' }
const explicit = [
  [0, 0],
  [1, 2],
  [2, 0],
  [0, 0],
]

/** Every call is made twice: by tfjs's kernels and by ours. */
function calls(): Record<string, Call> {
  const run = (name: string, inputs: Record<string, Tensor>, attributes: object): Tensor =>
    engine().runKernel(name, inputs, { ...attributes })
  const all: Record<string, Call> = {}
  for (const [what, strides, pad] of [
    ['plain', [1, 1], 'valid'],
    ['strided', [2, 3], 'valid'],
    ['padded', [1, 1], explicit],
    ['padded and strided', [3, 2], explicit],
  ] as const) {
    const [x, filter] = [noise([3, 9, 8, 5], 'x'), noise([3, 2, 5, 7], 'filter')]
    const attributes = { ...window, strides, pad }
    const forward = () => run('Conv2D', { x, filter }, { ...attributes, dilations: [1, 1] })
    all[`${what} convolution`] = forward
    all[`${what} convolution's input gradient`] = () => {
      const dy = noise(forward().shape, 'dy')
      return run('Conv2DBackpropInput', { dy, filter }, { ...attributes, inputShape: x.shape })
    }
    all[`${what} convolution's kernel gradient`] = () => {
      const dy = noise(forward().shape, 'dy')
      return run('Conv2DBackpropFilter', { x, dy }, { ...attributes, filterShape: filter.shape })
    }
    for (const multiplier of [1, 3]) {
      const depthwise = `${what} depthwise convolution, ${multiplier} for each`
      const kernel = noise([3, 2, 5, multiplier], 'depthwise')
      const whole = { ...attributes, dilations: [1, 1] }
      const convolved = () => run('DepthwiseConv2dNative', { x, filter: kernel }, whole)
      all[depthwise] = convolved
      all[`${depthwise}: input gradient`] = () => {
        const dy = noise(convolved().shape, 'dy')
        return run('DepthwiseConv2dNativeBackpropInput', { dy, filter: kernel }, { ...whole, inputShape: x.shape })
      }
      all[`${depthwise}: kernel gradient`] = () => {
        const dy = noise(convolved().shape, 'dy')
        return run('DepthwiseConv2dNativeBackpropFilter', { x, dy }, { ...whole, filterShape: kernel.shape })
      }
    }
    const pool = { filterSize: [3, 3], strides, pad, dimRoundingMode: 'floor' }
    const pooled = () => run('MaxPool', { x }, pool)
    all[`${what} pooling`] = pooled
    all[`${what} pooling's gradient`] = () => {
      const output = pooled()
      return run('MaxPoolGrad', { dy: noise(output.shape, 'dy'), input: x, output }, pool)
    }
  }
  all['dilated convolution'] = () =>
    run(
      'Conv2D',
      { x: noise([2, 9, 9, 3], 'x'), filter: noise([3, 2, 3, 5], 'filter') },
      {
        ...window,
        strides: [1, 1],
        pad: explicit,
        dilations: [2, 3],
      },
    )
  for (const [m, n, k] of [
    [1, 1, 1],
    [7, 9, 5],
    [8, 4, 16],
  ] as const) {
    for (const transposeA of [false, true]) {
      for (const transposeB of [false, true]) {
        const a = noise(transposeA ? [k, m] : [m, k], 'a')
        const b = noise(transposeB ? [n, k] : [k, n], 'b')
        all[`product ${m} ${n} ${k} ${transposeA} ${transposeB}`] = () =>
          run('BatchMatMul', { a, b }, { transposeA, transposeB })
      }
    }
  }
  all['batched product'] = () =>
    run('BatchMatMul', { a: noise([2, 3, 4], 'a'), b: noise([2, 4, 5], 'b') }, { transposeA: false, transposeB: false })
  for (const name of ['Add', 'Sub', 'Multiply']) {
    for (const shape of [[4, 5, 6], [6], [], [5, 6], [5, 1], [4, 1, 1], [4, 1, 6], [4, 5, 1], [1, 5, 1], [1, 1, 1]]) {
      all[`${name} of [${shape.join()}]`] = () => run(name, { a: noise([4, 5, 6], 'a'), b: noise(shape, 'b') }, {})
    }
    all[`${name} of a smaller first`] = () => run(name, { a: noise([6], 'a'), b: noise([4, 6], 'b') }, {})
  }
  for (const axis of [0, 1, -1, [0], [0, 1], [1, 2], [2, 1], [0, 2], [0, 1, 2], undefined]) {
    for (const keepDims of [false, true]) {
      all[`Sum over ${String(axis)}, ${keepDims}`] = () => run('Sum', { x: noise([7, 5, 3], 'x') }, { axis, keepDims })
    }
  }
  return all
}

function resultOf(call: Call): Result {
  const results: Result[] = []
  tidy(() => {
    const result = call()
    results.push({ shape: result.shape, values: result.dataSync<'float32'>().slice() })
  })
  const [result] = results
  if (!result) throw new Error('the call gave nothing')
  return result
}

describe('fast kernels against those of tfjs', () => {
  const named = Object.entries(calls())
  const originals = new Map<string, Result>()
  beforeAll(() => {
    for (const [name, call] of named) originals.set(name, resultOf(call))
    registerFastKernels()
  })

  it.each(named)('%s', (name, call) => {
    const [ours, original] = [resultOf(call), originals.get(name)]
    expect(ours.shape).toEqual(original?.shape)
    for (const [index, value] of ours.values.entries()) expect(value).toBeCloseTo(original?.values[index] ?? NaN, 4)
  })
})
