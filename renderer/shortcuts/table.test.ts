import { describe, expect, it, vi } from 'vitest'
import { capsOf, type Keys } from './keys'
import { press, shortcutOf } from './press'
import { keysOf, shortcuts, type ShortcutGroup } from './table'

/** What listens at one time: everywhere, on the Design screen, in the field that searches layers, and on the Runs screen with a chart. */
const together: readonly (readonly ShortcutGroup[])[] = [
  ['everywhere', 'files', 'edit', 'layers', 'canvas'],
  ['files', 'palette'],
  ['everywhere', 'runs', 'charts'],
]

describe('the table of shortcuts', () => {
  it('gives no keys two meanings', () => {
    for (const groups of together) {
      const caps = groups.flatMap((group) =>
        Object.values<{ readonly keys: readonly Keys[] }>(shortcuts[group]).flatMap(({ keys }) =>
          keys.map((one) => capsOf(one).join(' ')),
        ),
      )
      expect(caps.filter((one, at) => caps.indexOf(one) !== at)).toEqual([])
    }
  })
  it('says the keys for menus', () => {
    expect(keysOf('edit', 'ungroup')).toBe('Ctrl ⇧ G')
    expect(keysOf('layers', 'insert')).toBe('I')
  })
})

describe('press', () => {
  const key = (name: string) => new KeyboardEvent('keydown', { key: name, ctrlKey: true, cancelable: true })
  const actions = { new: vi.fn(() => true), open: vi.fn(() => false), save: vi.fn(), saveAs: vi.fn() }

  it('does what the keys mean, and keeps them from the browser only then', () => {
    const [done, refused, other] = [key('n'), key('o'), key('k')]
    expect(press(['files'], actions, done)).toBe(true)
    expect(done.defaultPrevented).toBe(true)
    expect(press(['files'], actions, refused)).toBe(false)
    expect(refused.defaultPrevented).toBe(false)
    expect(actions.open).toHaveBeenCalledOnce()
    expect(shortcutOf(['files'], other)).toBeNull()
  })
})
