import { describe, expect, it } from 'vitest'
import { classicCase } from '../../../shared/convolution/classic'
import { randomCase, withSettings } from '../../../shared/convolution/make'
import { settingsOf } from '../../../shared/convolution/settings'
import { changeValue, changeWhole, redone, undone, unedited, withCase, worksheet } from './worksheet'

const start = unedited(worksheet(classicCase()))

describe('an edited worksheet', () => {
  it('takes single numbers back, and does them again', () => {
    const once = changeValue(start, 'kernel', 4, 7)
    const twice = changeValue(once, 'gradient', 17, -2)
    expect(twice.sheet.case.kernel[4]).toBe(7)
    expect(twice.sheet.gradient[17]).toBe(-2)
    const back = undone(undone(twice))
    expect(back.sheet).toEqual(start.sheet)
    expect(redone(redone(back)).sheet).toEqual(twice.sheet)
    expect(undone(start)).toBe(start)
    expect(redone(twice)).toBe(twice)
  })

  it('counts no step where nothing changes or nothing is there', () => {
    expect(changeValue(start, 'kernel', 0, -1)).toBe(start)
    expect(changeValue(start, 'kernel', 54, 1)).toBe(start)
    const without = unedited(worksheet({ ...classicCase(), bias: null }))
    expect(changeValue(without, 'bias', 0, 1)).toBe(without)
  })

  it('forgets what was undone once something else is done', () => {
    const other = changeValue(undone(changeValue(start, 'input', 0, 5)), 'input', 1, 6)
    expect(redone(other)).toBe(other)
    expect(other.past).toHaveLength(1)
  })

  it('joins what is typed into one field to one step', () => {
    const settings = settingsOf(classicCase())
    const sized = (height: number) =>
      withCase(start.sheet, withSettings(classicCase(), { ...settings, height }, 'integers', 1))
    const typed = changeWhole(changeWhole(start, sized(1), 'size'), sized(12), 'size')
    expect(typed.past).toHaveLength(1)
    expect(undone(typed).sheet).toBe(start.sheet)
    expect(changeWhole(typed, sized(9), 'kernel').past).toHaveLength(2)
    expect(changeWhole(redone(undone(typed)), sized(9), 'size').past).toHaveLength(2)
  })

  it('keeps an edited gradient while it fits', () => {
    const { sheet } = changeValue(start, 'gradient', 0, 3)
    const settings = settingsOf(classicCase())
    expect(withCase(sheet, randomCase(settings, 'decimals', 1)).gradient[0]).toBe(3)
    const larger = withCase(sheet, randomCase({ ...settings, stride: [1, 1] }, 'decimals', 1))
    expect(larger.gradient).toEqual(new Float64Array(50).fill(1))
  })
})
