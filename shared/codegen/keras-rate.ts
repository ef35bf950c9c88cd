import type { RunConfig } from '../training/config'
import { call, code } from './python'

/** Classes that the program's learning rate needs and Keras lacks. */
export function rateClasses({ schedule, warmup_steps }: RunConfig): string[] {
  if (schedule.type === 'plateau') return [plateau(warmup_steps > 0)]
  return [...(schedule.type === 'one-cycle' ? [oneCycle] : []), ...(warmup_steps > 0 ? [warmUp] : [])]
}

/** What an optimizer takes; needs `epochs` and `steps_per_epoch`. */
export function rate(config: RunConfig): string {
  const { schedule, warmup_steps: warm } = config
  const scheduled = scheduledRate(schedule)
  return warm > 0 && schedule.type !== 'plateau' ? `WarmUp(${scheduled}, WARMUP_STEPS)` : scheduled
}

function scheduledRate(schedule: RunConfig['schedule']): string {
  const base = code('LEARNING_RATE')
  const total = code('epochs * steps_per_epoch')
  const of = 'keras.optimizers.schedules'
  switch (schedule.type) {
    case 'constant':
    case 'plateau':
      return base.code
    case 'step': {
      const steps = code(`${schedule.step_size} * steps_per_epoch`)
      return call(`${of}.ExponentialDecay`, [base, steps, schedule.gamma], { staircase: true })
    }
    case 'cosine': {
      const least = { alpha: schedule.min_rate > 0 ? code(`${schedule.min_rate} / LEARNING_RATE`) : undefined }
      return call(`${of}.CosineDecay`, [base, total], least)
    }
    case 'one-cycle': {
      const { pct_start, div_factor, final_div_factor } = schedule
      return call('OneCycle', [base, total, pct_start, div_factor, final_div_factor])
    }
  }
}

/** Keyword arguments of the callback that watches for a plateau; null where the run has none. */
export function plateauCallback({ schedule }: RunConfig): string | null {
  if (schedule.type !== 'plateau') return null
  const { factor, patience, threshold, min_rate } = schedule
  return call('ReduceOnPlateau', [code('watched'), factor, patience, threshold, min_rate])
}

const oneCycle = `class OneCycle(keras.optimizers.schedules.LearningRateSchedule):
    """Up to the rate, then down, each along a cosine, as torch.optim.lr_scheduler."""

    def __init__(self, rate, steps, pct_start, div_factor, final_div_factor):
        self.rate, self.first = rate, rate / div_factor
        self.last = self.first / final_div_factor
        self.top, self.end = pct_start * steps - 1, steps - 1

    def __call__(self, step):
        step = keras.ops.cast(step, "float32")
        rise = self.between(self.first, self.rate, step / self.top)
        fall = (step - self.top) / (self.end - self.top)
        return keras.ops.where(
            step <= self.top, rise, self.between(self.rate, self.last, fall)
        )

    def between(self, start, end, share):
        share = keras.ops.clip(share, 0.0, 1.0)
        return end + (start - end) * (1 + keras.ops.cos(np.pi * share)) / 2`

const warmUp = `class WarmUp(keras.optimizers.schedules.LearningRateSchedule):
    """A share of another rate that rises to 1 in \`steps\` steps."""

    def __init__(self, rate, steps):
        self.rate, self.steps = rate, steps

    def __call__(self, step):
        rate = self.rate(step) if callable(self.rate) else self.rate
        step = keras.ops.cast(step, "float32")
        return rate * keras.ops.minimum(1.0, (step + 1) / self.steps)`

function plateau(warm: boolean): string {
  const warming = `

    def on_train_batch_begin(self, batch, logs=None):
        share = min(1, (self.step + 1) / WARMUP_STEPS)
        self.model.optimizer.learning_rate = self.rate * share
        self.step += 1`
  return `class ReduceOnPlateau(keras.callbacks.Callback):
    """As torch.optim.lr_scheduler: Keras' own takes no relative threshold."""

    def __init__(self, watched, factor, patience, threshold, min_rate):
        super().__init__()
        self.watched, self.factor, self.patience = watched, factor, patience
        self.threshold, self.least = threshold, min(LEARNING_RATE, min_rate)
        self.rate, self.best, self.bad = LEARNING_RATE, float("inf"), 0${warm ? '\n        self.step = 0' : ''}${warm ? warming : ''}

    def on_epoch_end(self, epoch, logs=None):
        if logs[self.watched] < self.best * (1 - self.threshold):
            self.best, self.bad = logs[self.watched], 0
        else:
            self.bad += 1
        if self.bad > self.patience:
            self.rate, self.bad = max(self.rate * self.factor, self.least), 0${warm ? '' : '\n            self.model.optimizer.learning_rate = self.rate'}`
}
