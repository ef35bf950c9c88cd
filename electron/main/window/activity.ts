import { powerSaveBlocker, type BrowserWindow } from 'electron'

/** Shows the share done on the taskbar, and keeps the computer awake while something trains; null ends both. */
export function createActivityShower(window: () => BrowserWindow | null): (share: number | null) => void {
  let blocker: number | null = null
  return function show(share) {
    if (share !== null) blocker ??= powerSaveBlocker.start('prevent-app-suspension')
    if (share === null && blocker !== null) {
      powerSaveBlocker.stop(blocker)
      blocker = null
    }
    const open = window()
    if (open && !open.isDestroyed()) open.setProgressBar(share ?? -1)
  }
}
