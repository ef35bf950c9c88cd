import type { TargetOption } from '../../../shared/experiments/targets'
import { layerKinds } from '../../../shared/layers/registry'
import type { NetworkDocument } from '../../../shared/network/document'
import { en } from '../../i18n/en'
import { locale, t, type TextKey } from '../../i18n/text'

/** What a parameter is called in the window's language; empty for a setting that has no name but its path. */
export function targetLabel({ target }: TargetOption, document: NetworkDocument): string {
  if (target.type === 'setting') {
    const name =
      target.path
        .replace(/\.type$/, '')
        .split('.')
        .at(-1) ?? ''
    const key = name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase())
    return Object.hasOwn(en.form, key) ? t(`form.${key}` as TextKey) : ''
  }
  const layer = document.layers.find(({ id }) => id === target.layer)
  const text = layerKinds.get(layer?.kind ?? '')?.text[locale.value]
  return [text?.label, text?.fields[target.param]?.label].filter(Boolean).join(' · ')
}
