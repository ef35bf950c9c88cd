import { useEventListener } from '@vueuse/core'
import { useTraining } from '../features/training/use-training'
import { done, isModal, isTyping, press, shortcutOf, type Actions } from '../shortcuts/press'
import { useRuns } from '../stores/runs'
import { screens, useShell } from '../stores/shell'

/** The keys that work everywhere. */
export function useShortcuts(): void {
  const shell = useShell()
  const runs = useRuns()
  const { start } = useTraining()

  const actions: Actions<'everywhere'> = {
    train: () => done(start),
    stop: () => done(runs.stop),
    screens({ key }) {
      const screen = screens[Number(key) - 1]
      return screen !== undefined && done(() => shell.go(screen))
    },
    help: ({ target }) => !isTyping(target) && done(() => (shell.shortcutsOpen = true)),
    pause: ({ target }) => runs.active !== null && !isTyping(target) && !isPressable(target) && done(runs.togglePause),
  }

  useEventListener(window, 'keydown', (event) => {
    if (event.defaultPrevented || event.repeat || shortcutOf(['everywhere'], event) === null) return
    if (!isModal()) press(['everywhere'], actions, event)
  })
}

/** The space bar presses what has the focus. */
function isPressable(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && target.closest('button, [role=button], [role=slider], [role=option], tr') !== null
  )
}
