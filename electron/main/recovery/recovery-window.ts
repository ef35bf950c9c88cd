import { app, BrowserWindow } from 'electron'
import type { RecoveryProgress } from '../../../shared/ipc/recovery-progress'
import { sendEvent } from '../ipc/serve'
import { resolveLocale } from '../texts'
import { backgroundColor } from '../window/window'
import type { RecoverySign } from './open-behind'

/** What is done sooner needs no window. */
const showAfterMs = 400

/** A small window that tells how far a recovery is. Settings lie in the database: it speaks the computer's language. */
export function showRecovery(preload: string, page: string): RecoverySign {
  let window: BrowserWindow | null = null
  let last: RecoveryProgress | null = null
  const timer = setTimeout(open, showAfterMs)

  function open(): void {
    const shown = new BrowserWindow({
      width: 500,
      height: 200,
      resizable: false,
      maximizable: false,
      fullscreenable: false,
      // Closing it would not end what it tells of.
      closable: false,
      title: 'Convscope',
      show: false,
      backgroundColor: backgroundColor(),
      webPreferences: { preload, sandbox: true, contextIsolation: true, nodeIntegration: false },
    })
    window = shown
    shown.removeMenu()
    shown.once('ready-to-show', () => {
      shown.show()
      if (last) sendEvent(shown.webContents, 'storage.recovering', last)
    })
    shown.webContents.setWindowOpenHandler(() => ({ action: 'deny' }))
    shown.webContents.on('will-navigate', (event) => event.preventDefault())
    const locale = resolveLocale('system', app.getLocale())
    void shown.loadURL(`${page}?locale=${locale}`).catch(() => undefined)
  }

  return {
    tell(progress) {
      last = progress
      if (window) sendEvent(window.webContents, 'storage.recovering', progress)
    },
    close() {
      clearTimeout(timer)
      window?.destroy()
    },
  }
}
