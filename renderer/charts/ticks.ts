/** Lengths in seconds that people divide time by. */
const durations = [1, 2, 5, 10, 15, 30]
  .flatMap((one) => [one, one * 60])
  .concat([3600, 7200, 10_800, 21_600, 43_200, 86_400])

/** Multiples of `step` from `min` to `max`, without the errors of adding up. */
function multiples(min: number, max: number, step: number): number[] {
  const [from, to] = [Math.ceil(min / step - 1e-9), Math.floor(max / step + 1e-9)]
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => Number(((from + i) * step).toPrecision(12)))
}

/** The smallest of 1, 2 and 5 times a power of ten that is not below `least`. */
function niceStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least))
  return power * ([1, 2, 5].find((one) => one * power >= least * (1 - 1e-9)) ?? 10)
}

/** Round numbers of an axis, `most` of them at most and about. */
function linearTicks(min: number, max: number, most: number): number[] {
  return max > min ? multiples(min, max, niceStep((max - min) / most)) : [min]
}

/**
 * Where a logarithmic axis is written at: 1, 2 and 5 of each power of ten, powers alone where there are many, and plain round
 * numbers where the axis is too short for either.
 */
export function logTicks(min: number, max: number, most = 8): number[] {
  if (!(min > 0) || !(max > min)) return min > 0 ? [min] : []
  const powers = multiples(Math.log10(min), Math.log10(max), 1)
  const low = Math.floor(Math.log10(min))
  const high = Math.ceil(Math.log10(max))
  const some = Array.from({ length: high - low + 1 }, (_, i) => low + i)
    .flatMap((power) => [1, 2, 5].map((one) => Number((one * 10 ** power).toPrecision(1))))
    .filter((value) => value >= min * (1 - 1e-9) && value <= max * (1 + 1e-9))
  if (some.length < 3) return linearTicks(min, max, 5)
  if (some.length <= most) return some
  const every = Math.ceil(powers.length / most)
  return powers.filter((power) => power % every === 0).map((power) => Number((10 ** power).toPrecision(1)))
}

/** Where an axis of seconds is written at: whole seconds, minutes, hours or days. */
export function timeTicks(min: number, max: number, most = 7): number[] {
  const least = (max - min) / most
  if (least < 1) return linearTicks(min, max, most)
  const step = [...durations].sort((a, b) => a - b).find((one) => one >= least)
  return multiples(min, max, step ?? niceStep(least / 86_400) * 86_400)
}
