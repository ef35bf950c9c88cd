import { axisSize, type AxisSize, type ConvolutionSettings } from '../../../shared/convolution/settings'

/** Formulas in the letters of the form (H, W, C, F, K, S, P, D, G) and in numbers; the same in every language. */
export interface Formula {
  readonly symbols: string
  readonly numbers: string
}

const letters = ['H', 'W'] as const

/** How the output's height (axis 0) or width follows: `(H + 2P − K) / S + 1`. */
export function sizeFormula(settings: ConvolutionSettings, axis: 0 | 1): Formula {
  const of = axisSize(settings, axis)
  const spans = spanFormula(of)
  const span = of.dilation === 1 ? spans : { symbols: `(${spans.symbols})`, numbers: `(${spans.numbers})` }
  const padded = paddedFormula(of, axis)
  const symbols = `(${padded.symbols} − ${span.symbols}) / S`
  const numbers = `(${padded.numbers} − ${span.numbers}) / ${of.stride}`
  if (of.unseen === 0) {
    return { symbols: `${symbols} + 1`, numbers: `${numbers} + 1 = ${of.output}` }
  }
  const exact = Number(((of.padded - of.span) / of.stride).toFixed(3))
  return { symbols: `⌊${symbols}⌋ + 1`, numbers: `⌊${numbers}⌋ + 1 = ⌊${exact}⌋ + 1 = ${of.output}` }
}

/** The broken rule with its numbers, a line for each axis that breaks it. */
export function ruleFormulas(rule: string, settings: ConvolutionSettings): readonly string[] {
  const { channels, filters, groups, kernel } = settings
  if (rule === 'groups-divide') {
    return (
      [
        ['C', channels],
        ['F', filters],
      ] as const
    )
      .filter(([, count]) => count % groups !== 0)
      .map(([letter, count]) => `${letter} mod G = ${count} mod ${groups} = ${count % groups} ≠ 0`)
  }
  const axes = ([0, 1] as const).map((axis) => ({ axis, of: axisSize(settings, axis) }))
  if (rule === 'kernel-too-large') {
    return axes
      .filter(({ of }) => of.output < 1)
      .map(({ axis, of }) => {
        const [span, padded] = [spanFormula(of), paddedFormula(of, axis)]
        const left = of.dilation === 1 ? `K = ${of.span}` : `${span.symbols} = ${span.numbers} = ${of.span}`
        const right = padded.symbols === letters[axis] ? '' : ` = ${padded.numbers}`
        return `${left} > ${of.padded}${right} = ${padded.symbols}`
      })
  }
  if (rule === 'too-much-work') {
    const [height, width] = axes.map(({ of }) => of.output)
    const factors = [filters, height ?? 0, width ?? 0, channels / groups, ...kernel]
    return [`F · H′ · W′ · C/G · K · K = ${factors.join(' · ')} = ${factors.reduce((a, b) => a * b, 1)}`]
  }
  return []
}

function spanFormula({ kernel, dilation }: AxisSize): Formula {
  if (dilation === 1) return { symbols: 'K', numbers: `${kernel}` }
  return { symbols: 'D · (K − 1) + 1', numbers: `${dilation} · (${kernel} − 1) + 1` }
}

function paddedFormula({ size, padding: [before, after] }: AxisSize, axis: 0 | 1): Formula {
  const letter = letters[axis]
  if (before !== after) {
    return { symbols: `${letter} + P₁ + P₂`, numbers: `${size} + ${before} + ${after}` }
  }
  if (before === 0) return { symbols: letter, numbers: `${size}` }
  return { symbols: `${letter} + 2P`, numbers: `${size} + 2 · ${before}` }
}
