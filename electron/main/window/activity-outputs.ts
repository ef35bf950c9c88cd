import { app, Notification, powerSaveBlocker, type BrowserWindow } from 'electron'
import type { ActivityOutputs } from './activity'
import type { EndNoticeOutputs } from './end-notices'

/** The system's own taskbar, badge and power saving. */
export function systemActivity(window: () => BrowserWindow | null): ActivityOutputs {
  let blocker: number | null = null
  return {
    taskbar(progress) {
      const open = window()
      if (!open || open.isDestroyed()) return
      if (progress === null) open.setProgressBar(-1)
      else open.setProgressBar(progress.share, { mode: progress.mode })
    },
    badge: (count) => void app.setBadgeCount(count),
    keepAwake(on) {
      if (on) blocker ??= powerSaveBlocker.start('prevent-app-suspension')
      else if (blocker !== null) {
        powerSaveBlocker.stop(blocker)
        blocker = null
      }
    },
    isFocused: () => isFocused(window()),
  }
}

/** The system's notifications; a click brings the window to the front. */
export function systemNotices(window: () => BrowserWindow | null, focus: () => void): EndNoticeOutputs {
  // A notification that is collected as garbage forgets its click.
  const open = new Set<Notification>()
  return {
    isFocused: () => isFocused(window()),
    show({ title, body }) {
      if (!Notification.isSupported()) return
      const notice = new Notification({ title, body })
      open.add(notice)
      notice.on('click', focus)
      notice.on('close', () => open.delete(notice))
      notice.show()
    },
  }
}

function isFocused(window: BrowserWindow | null): boolean {
  return window !== null && !window.isDestroyed() && window.isFocused()
}
