import type { EpochResult } from '../training/state'

/** What the curves of several runs are laid over each other by. */
export const axes = ['step', 'epoch', 'time'] as const
export type Axis = (typeof axes)[number]

/** What places a run's steps on the axes. */
export interface RunCourse {
  /** Null where it is not known: all steps are then one epoch. */
  readonly stepsPerEpoch: number | null
  /** Of the finished epochs, in order. */
  readonly epochs: readonly EpochResult[]
  /** Images per second and pictures a step, for steps of an epoch that is not finished; null where they are not known. */
  readonly secondsPerStep: number | null
}

/**
 * Where a step stands on an axis: steps from 1, epochs from 0, or seconds of work since the run began. Steps have no clock of
 * their own; within an epoch they are taken to have been equally fast, and pauses do not count.
 */
export function axisOf(axis: Axis, course: RunCourse, stepCount: number): (step: number) => number {
  if (axis === 'step') return (step) => step
  const perEpoch = Math.max(1, course.stepsPerEpoch ?? stepCount)
  if (axis === 'epoch') return (step) => step / perEpoch
  const begins = epochBegins(course.epochs)
  const last = course.epochs.at(-1)
  const pace = course.secondsPerStep ?? (last ? last.trainSeconds / perEpoch : 0)
  return (step) => {
    const at = Math.ceil(step / perEpoch) - 1
    const epoch = course.epochs[at]
    if (epoch) return (begins[at] ?? 0) + (epoch.trainSeconds * (step - at * perEpoch)) / perEpoch
    return (begins.at(-1) ?? 0) + (step - course.epochs.length * perEpoch) * pace
  }
}

/** Where the end of an epoch, with its validation, stands on an axis. */
export function epochEnds(axis: Axis, course: RunCourse, stepCount: number): number[] {
  if (axis === 'epoch') return course.epochs.map(({ epoch }) => epoch)
  if (axis === 'time') return epochBegins(course.epochs).slice(1)
  const perEpoch = course.stepsPerEpoch ?? stepCount / Math.max(1, course.epochs.length)
  return course.epochs.map(({ epoch }) => epoch * perEpoch)
}

/** Seconds until each epoch begins, and until the last ends. */
function epochBegins(epochs: readonly EpochResult[]): number[] {
  const begins = [0]
  for (const { trainSeconds, validationSeconds } of epochs) {
    begins.push((begins.at(-1) ?? 0) + trainSeconds + validationSeconds)
  }
  return begins
}
