import { app, dialog, nativeTheme, type BrowserWindow } from 'electron'
import { join } from 'node:path'
import { catalogue } from '../../shared/data/catalogue'
import type { AppEvents, EventName, Settings } from '../../shared/ipc/contract'
import type { Locale } from '../../shared/layers/define'
import { loadDataset } from '../data/datasets'
import { findDataset } from '../data/find-dataset'
import { mergeAside, openStorageOrAside } from './db/aside'
import { appHandlers } from './handlers/app'
import { clipboardHandlers } from './handlers/clipboard'
import { datasetsHandlers } from './handlers/datasets'
import { networksHandlers } from './handlers/networks'
import { runsHandlers } from './handlers/runs'
import { settingsHandlers } from './handlers/settings'
import { sendEvent, serve } from './ipc/serve'
import type { Log } from './log'
import { createRunRecorder } from './runs/run-recorder'
import { createRunService } from './runs/run-service'
import { createMainSettings } from './settings-store'
import { resolveLocale, texts } from './texts'
import { forkTrainer, killTrainer } from './trainer-fork'
import { trainerProcesses } from './trainer-process'
import { createActivityShower } from './window/activity'
import { showMenu } from './window/menu'
import { pageOrigin, startPage } from './window/pages'
import { secureSession } from './window/security'
import { boundsOf, openWindow } from './window/window'

export interface AppPaths {
  readonly home: string
  readonly trainer: string
  readonly preload: string
  readonly pages: string
  /** The development server's address, in place of `pages`. */
  readonly devServer: string | undefined
}

export interface RunningApp {
  /** Brings the window to the front. */
  focus(): void
  /** Stops training, keeps what was learned and closes the database. */
  shutDown(): Promise<void>
}

/** Builds the whole main process. Throws where the home folder cannot be used at all. */
export function startApp(paths: AppPaths, log: Log): RunningApp {
  const { home, devServer } = paths
  const storage = openStorageOrAside(home)
  if (storage.notice) log(`storage: ${storage.notice.message}`)
  mergeAside(storage, log)
  const settings = createMainSettings(storage, log)
  let window: BrowserWindow | null = null

  function notify<Name extends EventName>(name: Name, payload: AppEvents[Name]): void {
    if (window && !window.isDestroyed()) sendEvent(window.webContents, name, payload)
  }
  function locale(): Locale {
    return resolveLocale(settings.get().locale, app.getLocale())
  }
  function applySettings({ theme }: Settings): void {
    nativeTheme.themeSource = theme
    showMenu(locale(), home)
  }
  function isOwnPage(url: string): boolean {
    const origin = devServer ? new URL(devServer).origin : pageOrigin
    return url.startsWith(`${origin}/`)
  }
  async function askForFile(suggestion: string): Promise<string | null> {
    const t = texts[locale()]
    const options = {
      title: t.exportTitle,
      defaultPath: join(app.getPath('documents'), suggestion),
      filters: [{ name: t.weightsFile, extensions: ['safetensors'] }],
    }
    const answer = await (window ? dialog.showSaveDialog(window, options) : dialog.showSaveDialog(options))
    return answer.canceled ? null : answer.filePath
  }

  const recorder = createRunRecorder(storage, { appVersion: app.getVersion(), notify, log })
  const service = createRunService({
    recorder,
    launch: trainerProcesses({ fork: () => forkTrainer(paths.trainer, home), kill: killTrainer, log }),
    findDataset,
    onActivity: createActivityShower(() => window),
  })
  serve({
    isOwnPage,
    log,
    handlers: {
      ...appHandlers(() => ({
        version: app.getVersion(),
        electron: process.versions.electron,
        platform: process.platform,
        systemLocale: app.getLocale(),
        storageNotice: storage.notice,
      })),
      ...settingsHandlers(settings, applySettings),
      ...clipboardHandlers(),
      ...networksHandlers(),
      ...datasetsHandlers({ infos: catalogue, load: loadDataset }),
      ...runsHandlers({ recorder, service, askForFile }),
    },
  })
  applySettings(settings.get())
  secureSession(paths.pages, devServer)
  window = openWindow({
    preload: paths.preload,
    page: devServer ?? startPage,
    isOwnPage,
    bounds: settings.bounds(),
    saveBounds: (bounds) => settings.setBounds(bounds),
    locale,
    log,
  })
  window.on('closed', () => (window = null))

  return {
    focus() {
      if (window?.isMinimized()) window.restore()
      window?.focus()
    },
    async shutDown() {
      // Quitting feels done at once, while a trainer takes its moment to stop.
      window?.hide()
      await service.stopAll()
      if (window) settings.setBounds(boundsOf(window))
      window?.destroy()
      if (!recorder.close()) log('the last records could not be stored; they wait in a file beside the database')
      storage.close()
    },
  }
}
