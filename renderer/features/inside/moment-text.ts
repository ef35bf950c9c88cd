import { isSameMoment, type Moment, type Moments, type StoredMoment } from '../../../shared/inspect/source'
import { t } from '../../i18n/text'

/** `Random start`, `After epoch 3`, `Epoch 4, step 120`, `Live`; for a run that ended with earlier weights than its last, `Kept: …`. */
export function momentText(moment: Moment, { stored, newest, live }: Moments): string {
  if (moment.type !== 'now') return storedText(moment)
  if (live) return t('inside.live')
  if (!newest) return t('inside.newest')
  const last = stored.at(-1)
  const isLast = last !== undefined && isSameMoment(last, newest)
  return isLast ? storedText(newest) : t('inside.kept', { moment: storedText(newest) })
}

function storedText(moment: StoredMoment): string {
  const { epoch } = moment
  if (moment.type === 'step') return t('inside.withinEpoch', { epoch: epoch + 1, step: moment.step })
  return epoch === 0 ? t('inside.randomStart') : t('inside.afterEpoch', { epoch })
}
