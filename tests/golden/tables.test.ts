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

  it('a constant one', () => {
    const config = { learning_rate: rate, warmup_steps: 0, schedule: { type: 'constant' } } as const
    expect([0, 5, 99].map((step) => learningRateAt(config, step, 10, 100))).toEqual([rate, rate, rate])
  })
})
