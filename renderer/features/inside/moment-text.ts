import type { Moment } from '../../../shared/inspect/source'
import { t } from '../../i18n/text'
import type { KnownMoments } from '../../stores/looked-at-run'

/** `Random start`, `After epoch 3`, `Live`, `Newest weights`. */
export function momentText(moment: Moment, known: KnownMoments): string {
  if (moment.type === 'epoch') {
    return moment.epoch === 0 ? t('inside.randomStart') : t('inside.afterEpoch', { epoch: moment.epoch })
  }
  if (known.live) return t('inside.live')
  const last = known.epochs.at(-1)
  return known.endsWithEpoch && last !== undefined ? t('inside.afterEpoch', { epoch: last }) : t('inside.newest')
}
