import type { Axis } from '../../../shared/metrics/run-axis'
import { duration, integer, seconds } from '../../i18n/format'
import { formatPlain } from '../../lib/number-format'

/** A place on an axis as it is written. */
export function formatAxis(axis: Axis, x: number): string {
  if (axis === 'step') return integer(Math.round(x))
  if (axis === 'epoch') return formatPlain(Math.round(x * 100) / 100)
  return x < 10 ? seconds(x) : duration(x)
}
