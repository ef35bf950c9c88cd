import { usePreferredDark } from '@vueuse/core'
import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import type { AppInfo, Settings } from '../../shared/ipc/contract'
import { call } from '../api/bridge'
import { locale, resolveLocale } from '../i18n/text'
import { useToasts } from './toasts'

/** Theme and language, kept by main; the window follows at once. */
export const useSettings = defineStore('settings', () => {
  const toasts = useToasts()
  const settings = ref<Settings>({ theme: 'system', locale: 'system', notifications: true })
  const info = shallowRef<AppInfo | null>(null)
  const systemDark = usePreferredDark()
  const isDark = computed(() =>
    settings.value.theme === 'system' ? systemDark.value : settings.value.theme === 'dark',
  )

  async function load(): Promise<void> {
    // Each on its own: a missing version must not cost the theme.
    const [app, stored] = await Promise.all([
      toasts.guard(() => call('app.info', undefined)),
      toasts.guard(() => call('settings.get', undefined)),
    ])
    info.value = app
    show(stored ?? settings.value)
  }

  async function change(part: Partial<Settings>): Promise<void> {
    const before = settings.value
    show({ ...before, ...part })
    const stored = await toasts.guard(() => call('settings.set', part))
    show(stored ?? before)
  }

  function show(next: Settings): void {
    settings.value = next
    const root = document.documentElement
    if (next.theme === 'system') root.removeAttribute('data-theme')
    else root.dataset.theme = next.theme
    locale.value = resolveLocale(next.locale, info.value?.systemLocale ?? navigator.language)
  }

  return { settings, info, isDark, load, change }
})
