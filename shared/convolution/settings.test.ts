import { describe, expect, it } from 'vitest'
import conv2d from '../layers/kinds/conv2d'
import { outputShape, type ConvolutionCase } from './case'
import { classicCase } from './classic'
import { answeredCase, randomCase, withSettings, withValue } from './make'
import {
  axisSize,
  convolutionSettingsSchema,
  hasEvenPadding,
  settingsOf,
  settingsProblem,
  type ConvolutionSettings,
} from './settings'

const classic = settingsOf(classicCase())
const change = (part: Partial<ConvolutionSettings>): ConvolutionSettings => ({ ...classic, ...part })

describe('settingsProblem', () => {
  it('finds nothing wrong with the classic case', () => {
    expect(convolutionSettingsSchema.parse(classic)).toEqual(classic)
    expect(settingsProblem(classic)).toBeNull()
    expect(outputShape(classicCase())).toEqual([2, 3, 3])
  })

  it.each([
    ['groups that do not divide the input', { groups: 2, filters: 4 }, 'groups-divide', { groups: 2, channels: 3 }],
    ['groups that do not divide the filters', { groups: 3 }, 'groups-divide', { groups: 3, channels: 2 }],
    [
      'a kernel that spans more than the padded input',
      { kernel: [5, 3], dilation: [2, 1] },
      'kernel-too-large',
      { kernel: '9 × 3', padded: '7 × 7' },
    ],
  ] as const)('names %s', (_what, part, rule, params) => {
    const settings = convolutionSettingsSchema.parse(change(part as Partial<ConvolutionSettings>))
    expect(settingsProblem(settings)).toMatchObject({ rule, params })
    const { height, width, channels, padding, filters, kernel, stride, dilation, groups, bias } = settings
    const kind = conv2d.infer(
      {
        out_channels: filters,
        kernel_size: kernel,
        padding: [padding.top, padding.left],
        stride,
        dilation,
        groups,
        bias,
      },
      [[height, width, channels]],
    )
    expect(kind).toEqual({ problem: settingsProblem(settings) })
  })

  it('refuses what would take too long to compute', () => {
    const settings = change({ height: 512, width: 512, channels: 64, filters: 64 })
    expect(settingsProblem(settings)).toEqual({
      rule: 'too-much-work',
      message: 'takes 2415919104 multiplications, more than 50000000',
      params: { products: 64 * 256 * 256 * 64 * 9, most: 50_000_000 },
    })
  })
})

describe('axisSize', () => {
  it('follows (5 - 3 + 2) / 2 + 1 = 3', () => {
    expect(axisSize(classic, 0)).toEqual({
      size: 5,
      padding: [1, 1],
      kernel: 3,
      dilation: 1,
      stride: 2,
      span: 3,
      padded: 7,
      output: 3,
      unseen: 0,
    })
  })

  it('counts the rows that no window reaches', () => {
    const settings = change({ width: 6, padding: { top: 1, bottom: 0, left: 0, right: 0 }, stride: [2, 2] })
    expect(axisSize(settings, 1)).toMatchObject({ padded: 6, output: 2, unseen: 1 })
    expect(axisSize(settings, 0)).toMatchObject({ padding: [1, 0], padded: 6, output: 2, unseen: 1 })
    expect(hasEvenPadding(settings.padding)).toBe(false)
    expect(hasEvenPadding(classic.padding)).toBe(true)
  })
})

describe('cases made by hand', () => {
  it('are random, yet the same for the same seed', () => {
    const one = randomCase(classic, 'integers', 1)
    expect(randomCase(classic, 'integers', 1)).toEqual(one)
    expect(randomCase(classic, 'integers', 2).input).not.toEqual(one.input)
    expect(new Set(one.input)).toEqual(new Set([0, 1, 2]))
    expect(new Set(one.kernel)).toEqual(new Set([-1, 0, 1]))
    const decimals = randomCase(classic, 'decimals', 1)
    expect(decimals.input.every((value) => value >= 0 && value <= 1 && value === Number(value.toFixed(2)))).toBe(true)
    expect(decimals.kernel.some((value) => value < 0)).toBe(true)
  })

  it('keep their numbers in their places when the settings change', () => {
    const before = classicCase()
    const settings = change({ height: 4, width: 6, channels: 4, filters: 2, kernel: [2, 3], groups: 2 })
    const after = withSettings(before, settings, 'integers', 1)
    expect([after.inputShape, after.kernelShape]).toEqual([
      [4, 4, 6],
      [2, 2, 2, 3],
    ])
    expect(settingsOf(after)).toEqual(settings)
    const value = (of: ConvolutionCase, channel: number, row: number, column: number) =>
      of.input[(channel * of.inputShape[1] + row) * of.inputShape[2] + column]
    for (let channel = 0; channel < 3; channel++) {
      for (let row = 0; row < 4; row++) {
        for (let column = 0; column < 5; column++) {
          expect(value(after, channel, row, column)).toBe(value(before, channel, row, column))
        }
      }
    }
    expect(Array.from(after.kernel.subarray(0, 6))).toEqual([-1, 0, 1, 1, 1, 0])
    expect(after.bias).toEqual(before.bias)
  })

  it('have a bias or none', () => {
    const without = withSettings(classicCase(), change({ bias: false }), 'integers', 1)
    expect(without.bias).toBeNull()
    expect(withSettings(without, classic, 'integers', 1).bias).toEqual(Float64Array.of(0, 0))
  })

  it('change by one number', () => {
    const before = classicCase()
    const after = withValue(before, 'kernel', 1, 7)
    expect(after.kernel[1]).toBe(7)
    expect(before.kernel[1]).toBe(0)
    expect(after.input).toBe(before.input)
    expect(() => withValue({ ...before, bias: null }, 'bias', 0, 1)).toThrow('bias has no value 0')
    expect(() => withValue(before, 'input', 75, 1)).toThrow('input has no value 75')
  })

  it('come from what the engine tells of a trained layer', () => {
    const { inputShape, kernelShape, options } = classicCase()
    const answer = {
      layer: 'conv1',
      inputShape,
      input: Float32Array.from(classicCase().input),
      kernelShape,
      kernel: Float32Array.from(classicCase().kernel),
      bias: Float32Array.from([1, 0]),
      options,
      outputShape: [2, 3, 3] as const,
      output: new Float32Array(18),
    }
    expect(answeredCase(answer)).toEqual(classicCase())
    expect(answeredCase({ ...answer, bias: null }).bias).toBeNull()
  })
})
