import { describe, expect, it } from 'vitest'
import { classicCase } from '../../../shared/convolution/classic'
import { settingsOf } from '../../../shared/convolution/settings'
import { checkDraft, draftOf } from './case-form'

const classic = draftOf(settingsOf(classicCase()), false)

describe('checkDraft', () => {
  it('reads the classic case back', () => {
    expect(checkDraft(classic)).toEqual({
      settings: settingsOf(classicCase()),
      parsed: settingsOf(classicCase()),
      fields: new Map(),
      problem: null,
    })
  })

  it('takes one number for both axes, and each side by itself', () => {
    const { settings } = checkDraft({ ...classic, kernel: 2, padding: [0, 2], farPadding: [3, 1] })
    expect(settings?.kernel).toEqual([2, 2])
    expect(settings?.padding).toEqual({ top: 0, bottom: 3, left: 2, right: 1 })
  })

  it('says for each field what is wrong with what was typed', () => {
    const { settings, fields } = checkDraft({
      ...classic,
      size: [5, ''],
      channels: 0,
      stride: [1.5, 1],
      farPadding: [-1, 0],
      dilation: 'x',
    })
    expect(settings).toBeNull()
    expect(Object.fromEntries(fields)).toEqual({
      size: { key: 'rules.required', params: {} },
      channels: { key: 'rules.min', params: { min: 1 } },
      stride: { key: 'rules.integer', params: {} },
      farPadding: { key: 'rules.min', params: { min: 0 } },
      dilation: { key: 'rules.required', params: {} },
    })
  })

  it('names the rule that the settings break together', () => {
    const { settings, parsed, problem } = checkDraft({ ...classic, groups: 2 })
    expect(settings).toBeNull()
    expect(parsed?.groups).toBe(2)
    expect(problem?.rule).toBe('groups-divide')
  })
})
