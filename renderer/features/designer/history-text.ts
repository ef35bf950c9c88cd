import { t, tn } from '../../i18n/text'
import type { EditLabel } from '../../stores/design'

/** A step of the history in the window's language, to stand behind `Undo:`. */
export function labelText({ key, params = {} }: EditLabel): string {
  return typeof params.n === 'number' ? tn(key, params.n, { ...params, n: String(params.n) }) : t(key, params)
}
