import { expect, test } from 'vitest'
import { resolveLocale } from './texts'

test('the chosen language wins over the computer’s', () => {
  expect(resolveLocale('en', 'zh-CN')).toBe('en')
  expect(resolveLocale('system', 'zh-Hans-CN')).toBe('zh-CN')
  expect(resolveLocale('system', 'de-DE')).toBe('en')
})
