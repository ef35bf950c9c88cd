import { percent } from '../../i18n/format'
import { t } from '../../i18n/text'
import { deadShare, twinCosine } from './kernel-facts'

export function deadText(): string {
  return t('kernels.deadHint', { share: percent(deadShare, 0) })
}

/** `twin` counts from 0. */
export function twinText(twin: number): string {
  return t('kernels.twinHint', { n: twin + 1, cosine: twinCosine })
}
