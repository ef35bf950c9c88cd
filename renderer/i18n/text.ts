import { computed } from 'vue'
import { createI18n } from 'vue-i18n'
import type { Locale } from '../../shared/layers/define'
import { en, type Messages } from './en'
import { zhCN } from './zh-CN'

const i18n = createI18n({
  legacy: false,
  locale: 'en',
  fallbackLocale: 'en',
  messages: { en, 'zh-CN': zhCN } satisfies Record<Locale, Messages>,
})

type Paths<T> = { [K in keyof T & string]: T[K] extends string ? K : `${K}.${Paths<T[K]>}` }[keyof T & string]

/** Every key there is, such as `run.pause`; others do not pass the type check. */
export type TextKey = Paths<Messages>

export const locale = computed<Locale>({
  get: () => i18n.global.locale.value,
  set: (value) => {
    i18n.global.locale.value = value
    document.documentElement.lang = value
  },
})

/** The text in the window's language; follows a change of language when read while rendering. */
export function t(key: TextKey, params: Record<string, string | number> = {}): string {
  return i18n.global.t(key, params)
}

/** The same, in the singular or plural of `count`; `params.n` is how the count is written. */
export function tn(key: TextKey, count: number, params: Record<string, string | number> = {}): string {
  // As text: a 0 would be taken for missing.
  return i18n.global.t(key, { n: String(count), ...params }, count === 1 ? 1 : 2)
}

/** The language for `settings.locale`, where `system` follows the computer's. */
export function resolveLocale(choice: 'system' | Locale, systemLocale: string): Locale {
  if (choice !== 'system') return choice
  return systemLocale.toLowerCase().startsWith('zh') ? 'zh-CN' : 'en'
}
