import { isPressed, type Keys } from './keys'
import { shortcuts, type ShortcutGroup, type ShortcutOf } from './table'

/** What each shortcut does; false where it does nothing right now, so that the key stays the browser's. */
export type Actions<Group extends ShortcutGroup> = Readonly<
  Record<ShortcutOf<Group>, (event: KeyboardEvent) => boolean>
>

/** The shortcut of these groups that an event presses; null for none. */
export function shortcutOf<Group extends ShortcutGroup>(
  groups: readonly Group[],
  event: KeyboardEvent,
): ShortcutOf<Group> | null {
  for (const group of groups) {
    const rows: Readonly<Record<string, { readonly keys: readonly Keys[] }>> = shortcuts[group]
    const id = Object.keys(rows).find((one) => rows[one]?.keys.some((keys) => isPressed(keys, event)))
    if (id !== undefined) return id as ShortcutOf<Group>
  }
  return null
}

/** Does what belongs to the keys, and then keeps them from the browser; whether anything was done. */
export function press<Group extends ShortcutGroup>(
  groups: readonly Group[],
  actions: Actions<Group>,
  event: KeyboardEvent,
): boolean {
  const id = shortcutOf(groups, event)
  const done = id !== null && actions[id](event)
  if (done) event.preventDefault()
  return done
}

/** Does it, whatever comes of it. */
export function done(work: () => unknown): true {
  void work()
  return true
}

export function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.matches('input, textarea, select') || target.isContentEditable)
}

/** Something is open that keys belong to. Looks through the whole page: to be asked for keys that mean something. */
export function isModal(): boolean {
  return document.querySelector('[role=dialog], [role=alertdialog], [role=listbox], [role=menu]') !== null
}
