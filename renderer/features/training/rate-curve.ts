import type { RunConfig } from '../../../shared/training/config'
import { learningRateAt } from '../../../shared/training/schedule'
import type { RunPlan } from './rules'

export interface RatePoint {
  /** From 0. */
  readonly step: number
  readonly rate: number
}

const mostPoints = 240

/** The learning rate over a run as points of a line: all steps, or about 240 of them with every corner that a warm-up makes. */
export function rateCurve(config: RunConfig, { stepsPerEpoch, totalSteps }: RunPlan): RatePoint[] {
  const stride = Math.max(1, Math.ceil(totalSteps / mostPoints))
  const steps = new Set([totalSteps - 1])
  for (let step = 0; step < totalSteps; step += stride) steps.add(step)
  for (const step of [config.warmup_steps - 1, config.warmup_steps]) if (step >= 0 && step < totalSteps) steps.add(step)
  if (config.schedule.type === 'step') {
    const every = config.schedule.step_size * stepsPerEpoch
    // Where it falls it falls at once.
    for (let step = every; step < totalSteps && steps.size < 4 * mostPoints; step += every)
      steps.add(step - 1).add(step)
  }
  return [...steps]
    .sort((a, b) => a - b)
    .map((step) => ({ step, rate: learningRateAt(config, step, stepsPerEpoch, totalSteps) }))
}
