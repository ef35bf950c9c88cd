import { useEventListener } from '@vueuse/core'
import type { Ref } from 'vue'
import { done, isModal, isTyping, press, shortcutOf, type Actions } from '../../shortcuts/press'
import { useRunActions } from '../../stores/run-actions'
import { useRunSelection } from '../../stores/run-selection'

/** The keys of the Runs screen. Text fields keep theirs. */
export function useRunKeys(order: () => readonly string[], search: Readonly<Ref<HTMLInputElement | null>>): void {
  const selection = useRunSelection()
  const actions = useRunActions()
  const hasSome = () => selection.ids.length > 0

  const keys: Actions<'runs'> = {
    undo: () => actions.undo(),
    selectAll: () => done(() => selection.selectAll(order())),
    remove: () => hasSome() && done(() => actions.remove(selection.selected)),
    // The table does it, where a row has the focus.
    extend: () => false,
    pin: () => hasSome() && done(() => actions.togglePin(selection.selected)),
    search: () => done(() => search.value?.focus()),
    leave: () => hasSome() && done(selection.clear),
  }

  useEventListener(window, 'keydown', (event) => {
    if (
      event.defaultPrevented ||
      (isTyping(event.target) && !isCheckbox(event.target)) ||
      shortcutOf(['runs'], event) === null
    )
      return
    if (!isModal()) press(['runs'], keys, event)
  })
}

function isCheckbox(target: EventTarget | null): boolean {
  return target instanceof HTMLInputElement && target.type === 'checkbox'
}
