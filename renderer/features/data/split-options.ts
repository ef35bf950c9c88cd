import type { Split } from '../../../shared/data/dataset'
import { t } from '../../i18n/text'

/** The parts of a data set to choose from, in this order. */
export function splitOptions(order: readonly Split[]): { value: Split; label: string }[] {
  return order.map((value) => ({ value, label: t(`data.${value}`) }))
}
