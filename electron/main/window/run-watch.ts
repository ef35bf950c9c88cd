import type { BrowserWindow } from 'electron'
import type { AppEvents } from '../../../shared/ipc/contract'
import type { Locale } from '../../../shared/layers/define'
import type { Notify } from '../runs/run-recorder'
import type { MainSettings } from '../settings-store'
import { texts } from '../texts'
import { createActivity } from './activity'
import { systemActivity, systemNotices } from './activity-outputs'
import { createEndNotices, type ExperimentCount } from './end-notices'

export interface RunWatchOptions {
  readonly window: () => BrowserWindow | null
  /** Brings the window to the front. */
  readonly focus: () => void
  readonly notify: Notify
  readonly settings: MainSettings
  readonly locale: () => Locale
  readonly experiment: (id: string) => ExperimentCount | null
}

/** Lets the taskbar, the power saving and the notifications hear what the window is told about runs. */
export function createRunWatch({ window, focus, notify, settings, locale, experiment }: RunWatchOptions) {
  const activity = createActivity(systemActivity(window))
  const notices = createEndNotices({
    out: systemNotices(window, focus),
    enabled: () => settings.get().notifications,
    texts: () => texts[locale()],
    experiment,
  })
  const hear: Notify = (name, payload) => {
    notify(name, payload)
    // TypeScript does not follow the name to the payload.
    if (name === 'run.changed') {
      const run = payload as AppEvents['run.changed']
      activity.changed(run)
      notices.changed(run)
    } else if (name === 'run.progress') {
      const { id, progress } = payload as AppEvents['run.progress']
      activity.progressed(id, progress)
    }
  }
  return {
    notify: hear,
    focused: () => activity.focused(),
    /** The app begins to end: what stops now was stopped by the person. */
    stop: () => notices.close(),
    /** Nothing trains any more. */
    close: () => activity.close(),
  }
}
