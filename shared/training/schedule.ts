import type { RunConfig } from './config'

/**
 * The learning rate of a step. `step` counts from 0 over the whole run, `stepsPerEpoch` and `totalSteps` in steps.
 * Step decay as torch.optim.lr_scheduler.StepLR; cosine as CosineAnnealingLR with one step a batch.
 */
export function learningRateAt(
  config: Pick<RunConfig, 'learning_rate' | 'schedule'>,
  step: number,
  stepsPerEpoch: number,
  totalSteps: number,
): number {
  const { learning_rate: base, schedule } = config
  switch (schedule.type) {
    case 'constant':
      return base
    case 'step':
      return base * schedule.gamma ** Math.floor(Math.floor(step / stepsPerEpoch) / schedule.step_size)
    case 'cosine':
      return schedule.min_rate + ((base - schedule.min_rate) * (1 + Math.cos((Math.PI * step) / totalSteps))) / 2
  }
}
