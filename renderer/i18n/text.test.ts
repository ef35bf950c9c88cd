import { afterEach, describe, expect, it } from 'vitest'
import { errorKinds } from '../../shared/errors'
import { en } from './en'
import { locale, resolveLocale, t, tn } from './text'
import { zhCN } from './zh-CN'

function flat(value: object, at = ''): [string, string][] {
  return Object.entries(value).flatMap(([key, inner]: [string, unknown]) =>
    typeof inner === 'object' && inner ? flat(inner, `${at}${key}.`) : [[at + key, String(inner)] as [string, string]],
  )
}
function placeholders(text: string): string[] {
  return [...new Set(text.match(/\{\w+\}/g) ?? [])].sort()
}

afterEach(() => {
  locale.value = 'en'
})

describe('both languages', () => {
  const english = new Map(flat(en))
  const chinese = new Map(flat(zhCN))

  it('have the same keys', () => {
    expect([...chinese.keys()].sort()).toEqual([...english.keys()].sort())
  })
  it('fill the same places', () => {
    for (const [key, text] of english)
      expect([key, placeholders(chinese.get(key) ?? '')]).toEqual([key, placeholders(text)])
  })
  it('leave nothing empty but fixes that nobody knows', () => {
    for (const [key, text] of [...english, ...chinese]) {
      if (!key.startsWith('fixes.')) expect([key, text.trim()]).not.toEqual([key, ''])
    }
  })
  it('have a sentence for every kind of error', () => {
    for (const kind of errorKinds) expect(english.has(`errors.${kind}`)).toBe(true)
  })
})

describe('t', () => {
  it('follows the language', () => {
    expect(t('run.pause')).toBe('Pause')
    locale.value = 'zh-CN'
    expect(t('run.pause')).toBe('暂停')
    expect(document.documentElement.lang).toBe('zh-CN')
  })
  it('knows singular and plural', () => {
    expect(tn('runs.count', 1)).toBe('1 run')
    expect(tn('runs.count', 0)).toBe('0 runs')
    expect(tn('runs.count', 12)).toBe('12 runs')
    locale.value = 'zh-CN'
    expect(tn('runs.count', 12)).toBe('12 次运行')
  })
})

it('takes the language of the computer', () => {
  expect(resolveLocale('system', 'zh-Hans-CN')).toBe('zh-CN')
  expect(resolveLocale('system', 'de')).toBe('en')
  expect(resolveLocale('zh-CN', 'en')).toBe('zh-CN')
})
