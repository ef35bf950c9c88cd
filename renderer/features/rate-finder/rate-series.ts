import type { RatePoint } from '../../../shared/training/range-test'
import type { Series } from '../../charts/options'
import { t } from '../../i18n/text'

/** The losses against the power of ten of the rate, and the suggested place. */
export function rateSeries(points: readonly RatePoint[], suggested: number | null): Series[] {
  const place = (rate: number) => Math.log10(rate)
  const at = points.find(({ rate }) => rate === suggested)
  return [
    {
      label: t('rates.smoothed'),
      colour: 'ink-2',
      points: points.map(({ rate, smoothed }) => ({ x: place(rate), y: smoothed })),
      width: 2,
    },
    {
      label: t('rates.loss'),
      colour: 'ink-2',
      points: points.map(({ rate, loss }) => ({ x: place(rate), y: loss })),
      width: 1,
      opacity: 0.3,
    },
    {
      label: t('rates.suggestion'),
      colour: 'result',
      points: at ? [0, highestDrawn(points)].map((y) => ({ x: place(at.rate), y })) : [],
      width: 1.5,
      dash: [4, 3],
    },
    {
      label: t('rates.suggestion'),
      colour: 'result',
      points: at ? [{ x: place(at.rate), y: at.smoothed }] : [],
      width: 0,
      dots: true,
    },
  ]
}

/** The top of the chart: losses that run away leave it, so that the fall before is seen. */
export function highestDrawn(points: readonly RatePoint[]): number {
  const smoothed = points.map((point) => point.smoothed)
  const [lowest, first] = [Math.min(...smoothed), smoothed[0] ?? 1]
  return points.length === 0 ? 1 : Math.max(1.15 * first, Math.min(Math.max(...smoothed), first + (first - lowest)))
}

/** The point whose rate is nearest, by powers of ten; null without points. */
export function nearestPoint(points: readonly RatePoint[], power: number): RatePoint | null {
  let best: RatePoint | null = null
  let distance = Infinity
  for (const point of points) {
    const own = Math.abs(Math.log10(point.rate) - power)
    if (own < distance) [best, distance] = [point, own]
  }
  return best
}
