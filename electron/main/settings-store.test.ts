import { expect, test } from 'vitest'
import { openStorage } from './db/open'
import { createSettingsRepository } from './db/repositories/settings'
import { createMainSettings } from './settings-store'
import { temporaryHome } from './testing/fixtures'

test('settings and the window’s place survive a restart', () => {
  const home = temporaryHome()
  const first = openStorage(home)
  const settings = createMainSettings(first, () => undefined)
  expect(settings.get()).toEqual({ theme: 'system', locale: 'system', notifications: true })
  settings.set({ theme: 'dark' })
  settings.setBounds({ x: 1, y: 2, width: 1000, height: 700, maximized: false })
  first.close()
  const second = openStorage(home)
  const later = createMainSettings(second, () => undefined)
  expect(later.get()).toEqual({ theme: 'dark', locale: 'system', notifications: true })
  expect(later.bounds()?.width).toBe(1000)
  second.close()
})

test('a choice that cannot be stored takes effect all the same', () => {
  const storage = openStorage(temporaryHome())
  const lines: string[] = []
  const settings = createMainSettings(storage, (line) => lines.push(line))
  storage.close()
  expect(settings.set({ theme: 'light' }).theme).toBe('light')
  expect(lines.join()).toContain('could not be stored')
})

test('settings of an older version are kept, and take the defaults of what came later', () => {
  const storage = openStorage(temporaryHome())
  createSettingsRepository(storage.db).set('settings', { theme: 'dark', locale: 'zh-CN' })
  const settings = createMainSettings(storage, () => undefined)
  expect(settings.get()).toEqual({ theme: 'dark', locale: 'zh-CN', notifications: true })
  expect(settings.set({ notifications: false })).toMatchObject({ theme: 'dark', notifications: false })
  storage.close()
})
