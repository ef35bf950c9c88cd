import type { RunConfig, ScheduleConfig } from './config'

/**
 * The learning rate of a step. `step` counts from 0 over the whole run, `stepsPerEpoch` and `totalSteps` in steps; `reductions`
 * is how often a plateau has reduced the rate so far. Step decay as torch.optim.lr_scheduler.StepLR; cosine as
 * CosineAnnealingLR and one-cycle as OneCycleLR with one step a batch; plateau as ReduceLROnPlateau.
 */
export function learningRateAt(
  config: Pick<RunConfig, 'learning_rate' | 'schedule' | 'warmup_steps'>,
  step: number,
  stepsPerEpoch: number,
  totalSteps: number,
  reductions = 0,
): number {
  const { learning_rate: base, schedule, warmup_steps: warmup } = config
  const rate = scheduledRate(base, schedule, step, stepsPerEpoch, totalSteps, reductions)
  return step < warmup ? (rate * (step + 1)) / warmup : rate
}

function scheduledRate(
  base: number,
  schedule: ScheduleConfig,
  step: number,
  stepsPerEpoch: number,
  totalSteps: number,
  reductions: number,
): number {
  switch (schedule.type) {
    case 'constant':
      return base
    case 'step':
      return base * schedule.gamma ** Math.floor(Math.floor(step / stepsPerEpoch) / schedule.step_size)
    case 'cosine':
      return along(base, schedule.min_rate, step / totalSteps)
    case 'one-cycle': {
      const first = base / schedule.div_factor
      const top = schedule.pct_start * totalSteps - 1
      if (step <= top) return top > 0 ? along(first, base, step / top) : base
      return along(base, first / schedule.final_div_factor, (step - top) / (totalSteps - 1 - top))
    }
    case 'plateau':
      return Math.max(base * schedule.factor ** reductions, Math.min(base, schedule.min_rate))
  }
}

/** From `start` to `end` along half a cosine; `share` of the way, 0 to 1. */
function along(start: number, end: number, share: number): number {
  return end + ((start - end) * (1 + Math.cos(Math.PI * share))) / 2
}
