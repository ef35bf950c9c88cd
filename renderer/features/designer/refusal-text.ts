import type { Refusal } from '../../../shared/network/edit/result'
import { t } from '../../i18n/text'

/** Why an edit is not done, in the window's language. */
export function refusalText({ code, params }: Refusal): string {
  return t(`refusals.${code}`, params)
}
