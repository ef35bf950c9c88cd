import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { layerKinds } from '../../shared/layers/registry'
import { learningRateAt } from '../../shared/training/schedule'

interface Tables {
  readonly shapes: readonly {
    readonly kind: string
    readonly params: object
    readonly input: readonly number[]
    /** Null where torch refuses. */
    readonly output: readonly number[] | null
  }[]
  readonly schedules: {
    readonly learning_rate: number
    readonly step_per_epoch: readonly number[]
    readonly cosine_per_step: readonly number[]
    readonly one_cycle_per_step: readonly {
      readonly pct_start: number
      readonly div_factor: number
      readonly final_div_factor: number
      readonly rates: readonly number[]
    }[]
    readonly warm_up_per_step: readonly { readonly warmup_steps: number; readonly rates: readonly number[] }[]
  }
}

const tables = JSON.parse(readFileSync(join(import.meta.dirname, 'tables.json'), 'utf8')) as Tables

describe('shapes as torch infers them', () => {
  it.each(tables.shapes.map((row) => ({ ...row, text: JSON.stringify(row) })))('$text', ({ kind, ...row }) => {
    const layer = layerKinds.get(kind)
    const params = layer?.params.parse(row.params) ?? {}
    const result = layer?.infer(params, [row.input])
    expect(result && 'shape' in result ? result.shape : null).toEqual(row.output)
  })
})

describe('learning rates of torch.optim.lr_scheduler', () => {
  const { learning_rate: rate, step_per_epoch: steps, cosine_per_step: cosine } = tables.schedules

  it('StepLR', () => {
    const config = { learning_rate: rate, warmup_steps: 0, schedule: { type: 'step', step_size: 2, gamma: 0.3 } } as const
    const stepsPerEpoch = 7
    for (const [epoch, expected] of steps.entries()) {
      for (const step of [0, stepsPerEpoch - 1]) {
        const found = learningRateAt(config, epoch * stepsPerEpoch + step, stepsPerEpoch, steps.length * stepsPerEpoch)
        expect(found).toBeCloseTo(expected, 12)
      }
    }
  })

  it('CosineAnnealingLR', () => {
    const config = { learning_rate: rate, warmup_steps: 0, schedule: { type: 'cosine', min_rate: 0.001 } } as const
    const found = cosine.map((_, step) => learningRateAt(config, step, 5, cosine.length))
    for (const [step, expected] of cosine.entries()) expect(found[step]).toBeCloseTo(expected, 12)
  })

  it.each(tables.schedules.one_cycle_per_step)('OneCycleLR to $pct_start of the run', ({ rates, ...settings }) => {
    const config = { learning_rate: rate, warmup_steps: 0, schedule: { type: 'one-cycle', ...settings } } as const
    for (const [step, expected] of rates.entries()) {
      expect(learningRateAt(config, step, 5, rates.length), `step ${step}`).toBeCloseTo(expected, 12)
    }
  })

  it.each(tables.schedules.warm_up_per_step)('LinearLR as a warm-up of $warmup_steps steps', ({ rates, ...settings }) => {
    const config = { learning_rate: rate, ...settings, schedule: { type: 'constant' } } as const
    for (const [step, expected] of rates.entries()) {
      expect(learningRateAt(config, step, 5, rates.length), `step ${step}`).toBeCloseTo(expected, 12)
    }
  })

  it('a warm-up on top of another schedule', () => {
    const schedule = { type: 'step', step_size: 1, gamma: 0.5 } as const
    const rates = [0, 1, 2, 3].map((step) => learningRateAt({ learning_rate: 1, warmup_steps: 4, schedule }, step, 2, 4))
    expect(rates).toEqual([0.25, 0.5, 0.375, 0.5])
  })

  it('one-cycle stays a number in runs of few steps', () => {
    for (const pct_start of [0.01, 0.3, 0.5, 0.99]) {
      const schedule = { type: 'one-cycle', pct_start, div_factor: 25, final_div_factor: 1e4 } as const
      for (const total of [1, 2, 3, 4, 10]) {
        for (let step = 0; step < total; step++) {
          const found = learningRateAt({ learning_rate: rate, warmup_steps: 0, schedule }, step, 1, total)
          expect(found, `step ${step} of ${total}, ${pct_start}`).toSatisfy((value: number) => value > 0 && value <= rate)
        }
      }
    }
  })

  it('a constant one', () => {
    const config = { learning_rate: rate, warmup_steps: 0, schedule: { type: 'constant' } } as const
    expect([0, 5, 99].map((step) => learningRateAt(config, step, 10, 100))).toEqual([rate, rate, rate])
  })
})
