import { describe, expect, it } from 'vitest'
import { runConfigSchema } from '../../../shared/training/config'
import { rateCurve } from './rate-curve'

const plan = { train: 0, validation: 0, test: 0, stepsPerEpoch: 500, totalSteps: 5000 }

function curve(settings: object) {
  return rateCurve(runConfigSchema.parse({ learning_rate: 0.1, epochs: 10, ...settings }), plan)
}

describe('rateCurve', () => {
  it('goes over the whole run in few points, in order', () => {
    const points = curve({ schedule: { type: 'cosine' } })
    expect(points.length).toBeLessThan(260)
    expect(points[0]).toEqual({ step: 0, rate: 0.1 })
    expect(points.at(-1)?.step).toBe(4999)
    expect(points.every(({ step }, at) => at === 0 || step > (points[at - 1]?.step ?? 0))).toBe(true)
  })

  it('has the corners of warm-up and steps', () => {
    const points = curve({ schedule: { type: 'step', step_size: 3, gamma: 0.5 }, warmup_steps: 103 })
    const rateAt = (step: number) => points.find((point) => point.step === step)?.rate
    expect(rateAt(102)).toBeCloseTo(0.1, 12)
    expect([rateAt(1499), rateAt(1500)]).toEqual([0.1, 0.05])
  })
})
