import type { Moment, Moments } from '../../../shared/inspect/source'
import { t } from '../../i18n/text'

/** `Random start`, `After epoch 3`, `Now, epoch 5`. */
export function momentText(moment: Moment, known: Moments): string {
  if (moment.type === 'epoch') {
    return moment.epoch === 0 ? t('inside.randomStart') : t('inside.afterEpoch', { epoch: moment.epoch })
  }
  if (known.live) return t('inside.live')
  const last = known.epochs.at(-1)
  if (last === undefined) return t('inside.newest')
  return last === 0 ? t('inside.randomStart') : t('inside.afterEpoch', { epoch: last })
}
