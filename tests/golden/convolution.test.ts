import { describe, expect, it } from 'vitest'
import { backward, contributions } from '../../shared/convolution/backward'
import { outputCount, outputShape, placeOf } from '../../shared/convolution/case'
import { classicCase } from '../../shared/convolution/classic'
import { convolve, outputAt } from '../../shared/convolution/forward'
import { kernelMatrix, multiply, windowColumns } from '../../shared/convolution/im2col'
import { mapMatrix } from '../../shared/convolution/linear-map'
import { matchingMap } from '../../shared/convolution/matching'
import { settingsOf, settingsProblem } from '../../shared/convolution/settings'
import { readConvolutions } from './read-convolution'

/** float64 on both sides; only the order of the sums differs. */
const tolerance = 1e-12

const all = readConvolutions()

it('the golden file begins with the case that the demonstration opens on', () => {
  const [classic] = all
  expect(classic?.name).toBe('classic')
  expect(classic?.case).toEqual(classicCase())
})

describe.each(all)('$name, as PyTorch computes it', (golden) => {
  const of = golden.case

  it('has its output, whole and term by term', () => {
    expect(outputShape(of)).toEqual(golden.outputShape)
    expect(settingsProblem(settingsOf(of))).toBeNull()
    expectClose(convolve(of), golden.output)
    const oneByOne = golden.output.map((_, index) => {
      const { terms, channelSums, sum, bias, result } = outputAt(of, placeOf(of, index))
      expect(terms).toHaveLength(of.kernel.length / of.kernelShape[0])
      expect(terms.at(-1)?.running).toBe(sum)
      expect(Math.abs(channelSums.reduce((total, one) => total + one, 0) - sum)).toBeLessThan(tolerance)
      expect(sum + bias).toBe(result)
      return result
    })
    expectClose(oneByOne, golden.output)
  })

  it('is the product of the kernel matrix and the columns of its windows', () => {
    const columns = windowColumns(of)
    expect(columns.values).toEqual(golden.columns)
    columns.padded.forEach((isPadded, at) => {
      if (isPadded) expect(columns.values[at]).toBe(0)
    })
    expectClose(multiply(kernelMatrix(of), columns, of.bias).values, golden.output)
  })

  it('is a linear map of its unrolled input', () => {
    const input = { rows: of.input.length, columns: 1, values: of.input }
    const perOutput = golden.output.map((_, index) => of.bias?.[placeOf(of, index).filter] ?? 0)
    expectClose(multiply(mapMatrix(of), input, perOutput).values, golden.output)
  })

  it('has its gradients', () => {
    const gradients = backward(of, golden.outputGradient)
    expectClose(gradients.input, golden.inputGradient)
    expectClose(gradients.kernel, golden.kernelGradient)
    expectClose(gradients.bias, golden.biasGradient)
  })

  it('adds the gradients up from the parts of each output, and from the contributions of each value', () => {
    const sum = { input: new Float64Array(of.input.length), kernel: new Float64Array(of.kernel.length) }
    for (let index = 0; index < outputCount(of); index++) {
      const one = backward(of, golden.outputGradient, index, index + 1)
      one.input.forEach((value, at) => (sum.input[at]! += value))
      one.kernel.forEach((value, at) => (sum.kernel[at]! += value))
    }
    expectClose(sum.input, golden.inputGradient)
    expectClose(sum.kernel, golden.kernelGradient)
    for (const tensor of ['input', 'kernel'] as const) {
      const added = of[tensor].map((_, index) =>
        contributions(of, golden.outputGradient, { tensor, index }).reduce(
          (total, { gradient, factor }) => total + gradient * factor,
          0,
        ),
      )
      expectClose(added, sum[tensor])
    }
  })

  it('has its cosines', () => {
    const maps = Array.from({ length: of.kernelShape[0] }, (_, filter) => Array.from(matchingMap(of, filter)))
    expectClose(maps.flat(), golden.cosine)
  })
})

function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>): void {
  expect(actual.length).toBe(expected.length)
  let largest = 0
  for (let i = 0; i < expected.length; i++) largest = Math.max(largest, Math.abs((actual[i] ?? NaN) - expected[i]!))
  expect(largest).toBeLessThan(tolerance)
}
