import type { Kernels, TrainerEvent } from '../../shared/training/messages'
import type { Position } from '../../shared/training/checkpoint-names'
import type { StepRecord } from '../../shared/training/state'
import { createRateMeter, type WorkClock } from './meter'

export type Emit = (event: TrainerEvent) => void

export interface RunPlan {
  readonly epochs: number
  readonly stepsPerEpoch: number
  readonly totalSteps: number
  readonly trainCount: number
  readonly validationCount: number
  readonly testCount: number
}

/** Tells how a run goes, no more often than the window draws: progress and kernels, together, twice a second. */
export interface Reporter {
  /** `images` of this step. */
  stepDone(record: StepRecord, epoch: number, images: number): void
  /** Training goes on after a gap that must not count as slowness. */
  trainingBegins(): void
  evaluationDone(seconds: number, images: number): void
  /** Tells of its steps: what is kept with an epoch lacks none of them, whatever happens next. */
  epochDone(): void
  /** Says at once what waits to be said. */
  flush(): void
}

/** Each message costs the training's own cores time in three processes. */
const reportMs = 1000 / 2
/** A forward pass costs about a third of a training step; used until one was measured. */
const evaluationShare = 1 / 3

export function createReporter(options: {
  readonly plan: RunPlan
  readonly emit: Emit
  readonly clock: WorkClock
  readonly milliseconds: () => number
  /** Where the run goes on. */
  readonly from: Position
  readonly batchSize: number
  /** Null where the network has no convolution. */
  readonly readKernels: () => Kernels | null
}): Reporter {
  const { plan, emit, clock, milliseconds } = options
  const meter = createRateMeter()
  let unsent: StepRecord[] = []
  let epoch = options.from.epoch + 1
  let step = options.from.step
  let images = options.from.epoch * plan.trainCount + options.from.stepInEpoch * options.batchSize
  let evaluationSeconds: number | null = null
  let progressAt = -Infinity
  let kernelsAt = -Infinity
  let kernelsStep = -1

  function secondsLeft(rate: number): number | null {
    if (rate <= 0) return null
    const left = plan.trainCount * plan.epochs - images
    const toEvaluate = plan.validationCount * (plan.epochs - epoch + 1) + plan.testCount
    return left / rate + toEvaluate * (evaluationSeconds ?? evaluationShare / rate)
  }

  function sendProgress(now: number): void {
    progressAt = now
    meter.sample(clock.now(), images)
    const imagesPerSecond = meter.rate()
    const { epochs, totalSteps } = plan
    const steps = unsent
    unsent = []
    const progress = { epoch, epochs, step, totalSteps, imagesPerSecond, secondsLeft: secondsLeft(imagesPerSecond) }
    emit({ type: 'progress', progress, steps })
  }

  function sendKernels(now: number): void {
    kernelsAt = now
    kernelsStep = step
    const kernels = options.readKernels()
    if (kernels) emit({ type: 'kernels', step, kernels })
  }

  return {
    stepDone(record, inEpoch, count) {
      unsent.push(record)
      step = record.step
      epoch = inEpoch
      images += count
      const now = milliseconds()
      if (now - progressAt >= reportMs) sendProgress(now)
      if (now - kernelsAt >= reportMs) sendKernels(now)
    },
    trainingBegins: () => meter.restart(clock.now(), images),
    evaluationDone(seconds, count) {
      if (count > 0) evaluationSeconds = seconds / count
    },
    epochDone() {
      if (unsent.length > 0) sendProgress(milliseconds())
    },
    flush() {
      const now = milliseconds()
      if (unsent.length > 0) sendProgress(now)
      if (step > 0 && kernelsStep !== step) sendKernels(now)
    },
  }
}
