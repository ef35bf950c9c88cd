import { describe, expect, it } from 'vitest'
import { capsOf, isPressed, waysOf } from './keys'

function event(key: string, held: KeyboardEventInit = {}): KeyboardEvent {
  return new KeyboardEvent('keydown', { key, ...held })
}

describe('isPressed', () => {
  it('wants exactly what is held', () => {
    const save = { key: 's', control: true } as const
    expect(isPressed(save, event('s', { ctrlKey: true }))).toBe(true)
    expect(isPressed(save, event('s', { metaKey: true }))).toBe(true)
    expect(isPressed(save, event('s'))).toBe(false)
    expect(isPressed(save, event('S', { ctrlKey: true, shiftKey: true }))).toBe(false)
    expect(isPressed(save, event('s', { ctrlKey: true, altKey: true }))).toBe(false)
  })
  it('takes letters under Caps Lock', () => {
    expect(isPressed({ key: 'l' }, event('L'))).toBe(true)
    expect(isPressed({ key: 'l' }, event('L', { shiftKey: true }))).toBe(false)
  })
  it('takes signs however a keyboard gives them', () => {
    expect(isPressed({ key: '?' }, event('?', { shiftKey: true }))).toBe(true)
    expect(isPressed({ key: '+' }, event('+'))).toBe(true)
  })
  it('knows arrows with Shift from arrows without', () => {
    expect(isPressed({ key: 'ArrowUp' }, event('ArrowUp', { shiftKey: true }))).toBe(false)
    expect(isPressed({ key: 'ArrowUp', shift: true }, event('ArrowUp', { shiftKey: true }))).toBe(true)
  })
})

it('is written as on the keys', () => {
  expect(capsOf({ key: 'g', control: true, shift: true })).toEqual(['Ctrl', '⇧', 'G'])
  expect(capsOf({ key: 'Delete' })).toEqual(['Del'])
})

it('lists what is pressed alike together, and the rest apart', () => {
  expect(waysOf(['ArrowUp', 'ArrowDown'].map((key) => ({ key, alt: true as const })))).toEqual([
    expect.objectContaining({ held: ['Alt'], keys: ['↑', '↓'] }),
  ])
  expect(waysOf([{ key: 'Delete' }, { key: 'Backspace' }]).map(({ keys }) => keys)).toEqual([['Del'], ['⌫']])
})
