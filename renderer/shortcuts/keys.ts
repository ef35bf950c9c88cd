/** Keys pressed together. Ctrl is Command where the computer has one. */
export interface Keys {
  /** As `KeyboardEvent.key` calls it; a letter in lower case. */
  readonly key: string
  readonly control?: true
  readonly shift?: true
  readonly alt?: true
}

/** Keys that one cap stands for, such as the four arrows, and what is held meanwhile. */
export interface KeyCaps {
  readonly held: readonly string[]
  readonly keys: readonly string[]
}

const capNames: Readonly<Record<string, string>> = {
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
  Backspace: '⌫',
  Delete: 'Del',
  Enter: '⏎',
  Escape: 'Esc',
  Home: 'Home',
  End: 'End',
  ' ': 'Space',
  '-': '−',
}

/** Whether an event presses exactly these keys. Signs are found wherever a keyboard has them, with or without Shift. */
export function isPressed({ key, control, shift, alt }: Keys, event: KeyboardEvent): boolean {
  if ((event.ctrlKey || event.metaKey) !== (control === true) || event.altKey !== (alt === true)) return false
  const isSign = key.length === 1 && !/[a-z]/.test(key)
  return event.key.toLowerCase() === key.toLowerCase() && (isSign || event.shiftKey === (shift === true))
}

/** What is printed on the keys: `Ctrl`, `⇧`, `Z`. */
export function capsOf({ key, control, shift, alt }: Keys): readonly string[] {
  const held = [control && 'Ctrl', alt && 'Alt', shift && '⇧'].filter((cap) => typeof cap === 'string')
  return [...held, capNames[key] ?? key.toUpperCase()]
}

/** The ways to press one shortcut; arrows and digits that are pressed alike stand together. */
export function waysOf(alternatives: readonly Keys[]): readonly KeyCaps[] {
  const ways: { held: readonly string[]; keys: string[]; joins: boolean }[] = []
  for (const one of alternatives) {
    const caps = capsOf(one)
    const held = caps.slice(0, -1)
    const joins = /^(Arrow|\d)/.test(one.key)
    const same = ways.find((way) => joins && way.joins && way.held.join() === held.join())
    if (same) same.keys.push(...caps.slice(-1))
    else ways.push({ held, keys: [...caps.slice(-1)], joins })
  }
  return ways
}
