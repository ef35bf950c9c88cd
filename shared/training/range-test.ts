/**
 * The learning-rate range test: the rate rises exponentially from step to step, and the loss shows where it begins to help and
 * where it begins to harm. Smith 2015, “Cyclical learning rates for training neural networks”; smoothing, end and suggestions
 * as in fastai's `lr_find`.
 */
export interface RatePoint {
  readonly rate: number
  readonly loss: number
  /** Exponential mean of the losses so far, its bias towards the beginning corrected. */
  readonly smoothed: number
}

interface RateSuggestion {
  /** In the middle of the longest fall of the loss; what is suggested. */
  readonly valley: number
  /** Where the loss falls fastest against the logarithm of the rate. */
  readonly steepest: number
}

export interface RangeTestResult {
  readonly points: readonly RatePoint[]
  /** Null where too few steps were made, or the loss never fell. */
  readonly suggestion: RateSuggestion | null
  /** Whether it ended because the loss rose, before the highest rate was reached. */
  readonly diverged: boolean
}

/** How much of the mean so far is kept at each step. */
const kept = 0.98
/** The test ends when the smoothed loss is so many times the lowest one. */
const divergence = 4
/** Steps at the beginning (a share) and at the end (a number) that suggestions pass over. */
const [skippedShare, skippedEnd] = [0.1, 5]
const fewest = 12

/** The rate of a step (from 0) of `steps`, from `from` to `to`. */
export function rangeRate(from: number, to: number, step: number, steps: number): number {
  return steps < 2 ? from : from * (to / from) ** (step / (steps - 1))
}

/** Takes the losses in and tells when to end. */
export function createRangeRecord() {
  const points: RatePoint[] = []
  let mean = 0
  let lowest = Infinity
  return {
    points: points as readonly RatePoint[],
    /** False when the loss has risen so far that higher rates tell nothing more. */
    add(rate: number, loss: number): boolean {
      if (!Number.isFinite(loss)) return false
      mean = kept * mean + (1 - kept) * loss
      const smoothed = mean / (1 - kept ** (points.length + 1))
      points.push({ rate, loss, smoothed })
      lowest = Math.min(lowest, smoothed)
      return points.length < 2 || smoothed <= divergence * lowest
    },
  }
}

/** Suggested rates; null where there are too few points, or where the loss never fell. */
export function suggestRates(points: readonly RatePoint[], steps: number): RateSuggestion | null {
  const begin = Math.floor(steps * skippedShare)
  const looked = points.slice(begin, Math.max(begin, points.length - skippedEnd))
  if (looked.length < fewest) return null
  const losses = looked.map(({ smoothed }) => smoothed)
  const valley = valleyOf(losses)
  const steepest = steepestOf(looked)
  const [valleyRate, steepestRate] = [looked[valley ?? -1]?.rate, looked[steepest ?? -1]?.rate]
  if (valleyRate === undefined || steepestRate === undefined) return null
  return { valley: valleyRate, steepest: steepestRate }
}

/** fastai's `valley`: the longest falling subsequence, and of it the middle of its second third. */
function valleyOf(losses: readonly number[]): number | null {
  const lengths = losses.map(() => 1)
  let [end, start] = [0, 0]
  for (let i = 1; i < losses.length; i++) {
    for (let j = 0; j < i; j++) {
      if ((losses[i] ?? 0) < (losses[j] ?? 0) && (lengths[i] ?? 0) < (lengths[j] ?? 0) + 1)
        lengths[i] = (lengths[j] ?? 0) + 1
      if ((lengths[end] ?? 0) < (lengths[i] ?? 0)) {
        end = i
        start = end - (lengths[end] ?? 0)
      }
    }
  }
  if ((lengths[end] ?? 0) < 2) return null
  const third = (end - start) / 3
  return Math.max(0, start + Math.trunc(third) + Math.trunc(third / 2))
}

/** The point before the steepest fall of the loss against the logarithm of the rate. */
function steepestOf(points: readonly RatePoint[]): number | null {
  let best = 0
  let found: number | null = null
  for (let i = 0; i + 1 < points.length; i++) {
    const [a, b] = [points[i], points[i + 1]]
    if (!a || !b) continue
    const slope = (b.smoothed - a.smoothed) / (Math.log(b.rate) - Math.log(a.rate))
    if (slope < best) [best, found] = [slope, i]
  }
  return found
}
