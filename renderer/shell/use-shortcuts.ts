import { useEventListener } from '@vueuse/core'
import { useTraining } from '../features/training/use-training'
import { useRuns } from '../stores/runs'
import { screens, useShell } from '../stores/shell'

/** The keys that work everywhere. */
export function useShortcuts(): void {
  const shell = useShell()
  const runs = useRuns()
  const { start } = useTraining()

  function handle(event: KeyboardEvent): boolean {
    const control = event.ctrlKey || event.metaKey
    if (event.altKey || event.repeat) return false
    const screen = control ? screens[Number(event.key) - 1] : undefined
    if (screen) return done(() => shell.go(screen))
    if (control && event.key === 'Enter') return done(() => void start())
    if (control && event.key === '.') return done(() => void runs.stop())
    if (control || isTyping(event.target)) return false
    if (event.key === '?') return done(() => (shell.shortcutsOpen = true))
    if (event.key === ' ' && runs.active && !isPressable(event.target)) return done(() => void runs.togglePause())
    return false
  }

  useEventListener(window, 'keydown', (event) => {
    if (!event.defaultPrevented && !isModal() && handle(event)) event.preventDefault()
  })
}

function done(work: () => void): true {
  work()
  return true
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.matches('input, textarea, select') || target.isContentEditable)
}

/** The space bar presses what has the focus. */
function isPressable(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && target.closest('button, [role=button], [role=slider], [role=option], tr') !== null
  )
}

function isModal(): boolean {
  return document.querySelector('[role=dialog], [role=alertdialog], [role=listbox], [role=menu]') !== null
}
