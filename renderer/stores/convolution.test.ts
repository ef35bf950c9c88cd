import { beforeEach, describe, expect, it } from 'vitest'
import { createPinia, setActivePinia } from 'pinia'
import { classicCase } from '../../shared/convolution/classic'
import { convolve } from '../../shared/convolution/forward'
import { settingsOf } from '../../shared/convolution/settings'
import { useConvolution } from './convolution'

beforeEach(() => setActivePinia(createPinia()))

const classicOutput = [2, 6, 5, 0, 9, 1, 6, 9, 6, 3, 3, 1, 6, 4, 3, -1, 2, -1]

function learnedAnswer() {
  const of = classicCase()
  return {
    layer: 'conv1',
    inputShape: of.inputShape,
    input: Float32Array.from(of.input),
    kernelShape: of.kernelShape,
    kernel: Float32Array.from(of.kernel),
    bias: Float32Array.of(0.1, 0),
    options: of.options,
    outputShape: [2, 3, 3] as const,
    output: Float32Array.from(convolve({ ...of, bias: Float64Array.of(0.1, 0) })),
  }
}

describe('the example', () => {
  it('opens on the classic case and its first output', () => {
    const store = useConvolution()
    expect(Array.from(store.output)).toEqual(classicOutput)
    expect([store.count, store.index, store.terms?.result]).toEqual([18, 0, 2])
  })

  it('computes anew what is edited, and takes it back', () => {
    const store = useConvolution()
    store.setValue('kernel', 4, 3)
    expect(Array.from(store.output.subarray(0, 9))).toEqual([2, 10, 5, 2, 9, 5, 10, 13, 8])
    store.setValue('bias', 1, -5)
    expect(store.output[9]).toBe(-2)
    store.undo()
    store.undo()
    expect([Array.from(store.output), store.canUndo]).toEqual([classicOutput, false])
    store.redo()
    expect(store.output[1]).toBe(10)
    store.reset()
    expect(Array.from(store.output)).toEqual(classicOutput)
    store.undo()
    expect(store.output[1]).toBe(10)
  })

  it('stays within the outputs when there are fewer', () => {
    const store = useConvolution()
    store.choose(17)
    store.applySettings({ ...settingsOf(classicCase()), filters: 1 }, 'filters')
    expect([store.count, store.index]).toEqual([9, 8])
    expect(Array.from(store.output)).toEqual(classicOutput.slice(0, 9))
  })

  it('draws other numbers of the wanted kind', () => {
    const store = useConvolution()
    store.numbers = 'decimals'
    store.randomise()
    expect(store.current?.input.some((value) => !Number.isInteger(value))).toBe(true)
    expect(settingsOf(store.current!)).toEqual(settingsOf(classicCase()))
  })
})

describe('stepping', () => {
  it('goes from output to output and stops at both ends', () => {
    const store = useConvolution()
    expect(store.step(-1)).toBe(false)
    for (let n = 0; n < 17; n++) expect(store.step(1)).toBe(true)
    expect([store.index, store.step(1)]).toEqual([17, false])
    expect(store.progress).toBe(28)
  })

  it('adds product by product, then the bias, then goes on', () => {
    const store = useConvolution()
    store.pace = 'products'
    store.choose(0, 1)
    for (let n = 0; n < 26; n++) store.step(1)
    expect([store.index, store.progress, store.terms?.terms[26]?.running]).toEqual([0, 27, 1])
    store.step(1)
    expect([store.index, store.progress]).toEqual([0, 28])
    store.step(1)
    expect([store.index, store.progress]).toEqual([1, 1])
    store.step(-1)
    expect([store.index, store.progress]).toEqual([0, 28])
  })

  it('looks at what the pointer is over, whole, and back', () => {
    const store = useConvolution()
    store.pace = 'products'
    store.choose(2, 5)
    store.hovered = 4
    expect([store.shown, store.progress, store.terms?.result]).toEqual([4, 28, 9])
    store.hovered = null
    expect([store.shown, store.progress]).toEqual([2, 5])
  })
})

describe('a learned layer', () => {
  it('shows the engine’s output until it is edited, which makes a copy', () => {
    const store = useConvolution()
    store.source = 'network'
    expect([store.current, store.count, store.place]).toEqual([null, 0, null])
    store.learn(learnedAnswer())
    expect(store.output[0]).toBeCloseTo(1.1, 6)
    expect(store.output[0]).not.toBe(1.1)
    store.setValue('bias', 0, 0.1)
    expect(store.isCopy).toBe(true)
    expect(store.output[0]).toBeCloseTo(1.1, 12)
    store.learn({ ...learnedAnswer(), bias: Float32Array.of(9, 9) })
    expect(store.output[0]).toBeCloseTo(1.1, 12)
    store.discardCopy()
    expect([store.isCopy, store.current?.bias?.[0]]).toEqual([false, 9])
  })

  it('keeps the example apart', () => {
    const store = useConvolution()
    store.source = 'network'
    store.learn(learnedAnswer())
    store.setValue('input', 0, 50)
    store.source = 'example'
    expect(Array.from(store.output)).toEqual(classicOutput)
    expect(store.canUndo).toBe(false)
    store.source = 'network'
    store.forget()
    expect(store.current).toBeNull()
  })
})
