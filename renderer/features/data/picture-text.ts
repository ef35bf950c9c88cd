import type { DatasetInfo } from '../../../shared/data/dataset'
import { t } from '../../i18n/text'

/** The class as people call it, with its number where that is something else. */
export function className(info: DatasetInfo | undefined, label: number): string {
  const name = info?.classes[label] ?? String(label)
  return name === String(label) ? name : `${name} (${t('data.classNumber', { n: label })})`
}
