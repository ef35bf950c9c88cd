import { afterEach, expect, it } from 'vitest'
import { locale, t } from '../i18n/text'
import { useFakeBridge } from '../testing/mount-window'
import { useSettings } from './settings'

afterEach(() => {
  locale.value = 'en'
})

it('takes theme and language from main', async () => {
  useFakeBridge({ 'settings.get': () => ({ theme: 'dark', locale: 'zh-CN', notifications: true }) })
  const settings = useSettings()
  await settings.load()
  expect(settings.isDark).toBe(true)
  expect(document.documentElement.dataset.theme).toBe('dark')
  expect(t('run.stop')).toBe('停止')
})

it('shows a change at once and hands it to main', async () => {
  const bridge = useFakeBridge()
  const settings = useSettings()
  const done = settings.change({ theme: 'light', locale: 'zh-CN' })
  expect(document.documentElement.dataset.theme).toBe('light')
  await done
  expect(bridge.log.at(-1)).toEqual({ name: 'settings.set', input: { theme: 'light', locale: 'zh-CN' } })
  await settings.change({ theme: 'system' })
  expect(document.documentElement.dataset.theme).toBeUndefined()
})

it('goes back when main could not keep it', async () => {
  useFakeBridge({
    'settings.set': () => {
      throw new Error('disk')
    },
  })
  const settings = useSettings()
  await settings.change({ theme: 'dark' })
  expect(settings.settings.theme).toBe('system')
})
