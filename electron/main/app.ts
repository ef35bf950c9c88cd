import { app, MessageChannelMain, nativeTheme, type BrowserWindow } from 'electron'
import { basename } from 'node:path'
import { catalogue } from '../../shared/data/catalogue'
import type { AppEvents, EventName, Settings } from '../../shared/ipc/contract'
import type { Locale } from '../../shared/layers/define'
import { loadDataset } from '../data/datasets'
import { findDataset } from '../data/find-dataset'
import { mergeAside, openStorageOrAside } from './db/aside'
import { noteDamage } from './db/damage'
import { createHistogramsRepository } from './db/repositories/histograms'
import { createSettingsRepository } from './db/repositories/settings'
import { createAutosave } from './documents/autosave'
import { createCloseGuard } from './documents/close-guard'
import { createDocumentDialogs } from './documents/dialogs'
import { createDocumentFiles } from './documents/document-files'
import { createRecents, recentSchema } from './documents/recents'
import { aidsHandlers } from './handlers/aids'
import { createExporting } from './exports/exporting'
import { appHandlers } from './handlers/app'
import { backupHandlers } from './handlers/backup'
import { clipboardHandlers } from './handlers/clipboard'
import { datasetsHandlers } from './handlers/datasets'
import { createExchangeDialogs } from './documents/exchange-dialogs'
import { exchangeHandlers } from './handlers/exchange'
import { documentsHandlers } from './handlers/documents'
import { inspectHandlers } from './handlers/inspect'
import { networksHandlers } from './handlers/networks'
import { queueHandlers } from './handlers/queue'
import { organizeHandlers } from './handlers/organize'
import { runsHandlers } from './handlers/runs'
import { settingsHandlers } from './handlers/settings'
import { createInspectService } from './inspect/inspect-service'
import { inspectorProcesses } from './inspect/inspector-process'
import { sendEvent, serve } from './ipc/serve'
import type { Log } from './log'
import { createRunQueue } from './runs/queue'
import { createRateFinder } from './runs/rate-finder'
import { createRunCurves } from './runs/run-curves'
import { createRunOrganizer } from './runs/run-organizer'
import { createRunFiles } from './runs/run-files'
import { createRunRecorder } from './runs/run-recorder'
import { createRunService } from './runs/run-service'
import { createMainSettings } from './settings-store'
import { resolveLocale, texts } from './texts'
import { forkExporter, forkInspector, forkRateTest, forkTrainer, killChild } from './trainer-fork'
import { trainerProcesses } from './trainer-process'
import { createActivityShower } from './window/activity'
import { createBackupDialogs } from './window/backup-dialogs'
import { showMenu } from './window/menu'
import { pageOrigin, startPage } from './window/pages'
import { secureSession } from './window/security'
import { boundsOf, openWindow } from './window/window'

export interface AppPaths {
  readonly home: string
  readonly trainer: string
  /** The program that writes exports. */
  readonly exporter: string
  readonly preload: string
  readonly pages: string
  /** The development server's address, in place of `pages`. */
  readonly devServer: string | undefined
  /** The network file to start with; null for none. */
  readonly file: string | null
  /** Quits, as `mayQuit` allows, and starts again. */
  readonly restart: () => void
}

export interface RunningApp {
  /** Brings the window to the front. */
  focus(): void
  /** Opens a network file, after asking what becomes of an unsaved design. */
  openFile(path: string): void
  /** Whether the app may quit at once; where not, the person is asked, and it quits when they agree. */
  mayQuit(): boolean
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
  let pendingFile = paths.file

  function notify<Name extends EventName>(name: Name, payload: AppEvents[Name]): void {
    if (window && !window.isDestroyed()) sendEvent(window.webContents, name, payload)
  }
  function locale(): Locale {
    return resolveLocale(settings.get().locale, app.getLocale())
  }
  function applySettings({ theme }: Settings): void {
    nativeTheme.themeSource = theme
    updateMenu()
  }
  function updateMenu(): void {
    showMenu({
      locale: locale(),
      home,
      recents: recents.list(),
      command: (command) => notify('documents.command', { command }),
      backup: (command) => notify('backup.command', { command }),
      openRecent: openFile,
      clearRecent: recents.clear,
    })
  }
  function openFile(path: string): void {
    pendingFile = path
    notify('documents.pending', { waiting: true })
  }
  /** The window's own name for what is designed, with a dot before one that is not saved. */
  function showTitle({ name, path, dirty }: { name: string; path: string | null; dirty: boolean }): void {
    if (!window || window.isDestroyed()) return
    window.setTitle(`${dirty ? '● ' : ''}${path === null ? name : basename(path)} – Convscope`)
    window.setDocumentEdited(dirty)
    window.setRepresentedFilename(path ?? '')
  }
  function isOwnPage(url: string): boolean {
    const origin = devServer ? new URL(devServer).origin : pageOrigin
    return url.startsWith(`${origin}/`)
  }
  const repository = createSettingsRepository(storage.db)
  const recents = createRecents(
    {
      get: () => repository.get('recentDocuments', recentSchema.array(), []),
      set: (list) => repository.set('recentDocuments', list),
    },
    (list) => {
      updateMenu()
      notify('documents.recentChanged', list)
    },
  )
  const autosave = createAutosave(home)
  const dialogs = createDocumentDialogs(
    () => window,
    () => texts[locale()],
  )
  const guard = createCloseGuard({
    ask: (name) => dialogs.ask('unsaved', name),
    save: () => notify('documents.command', { command: 'saveAndClose' }),
    discard: () => autosave.clear(),
    close: () => app.quit(),
  })
  const recorder = createRunRecorder(storage, { appVersion: app.getVersion(), notify, log })
  const showActivity = createActivityShower(() => window)
  const organizer = createRunOrganizer(storage, { recorder, notify, log })
  const curves = createRunCurves(storage, recorder, log)
  const service = createRunService({
    recorder,
    launch: trainerProcesses({ fork: () => forkTrainer(paths.trainer, home), kill: killChild, log }),
    findDataset,
    isTestingRates: () => rates.isBusy(),
    onActivity(share) {
      showActivity(share)
      if (share === null) queue.advance()
    },
  })
  const rates = createRateFinder({
    fork: () => forkRateTest(paths.trainer, home),
    kill: killChild,
    isTraining: () => service.isBusy(),
    findDataset,
    onProgress: (progress) => notify('rates.progress', progress),
    onEnd: () => queue.advance(),
    log,
  })
  const queue = createRunQueue({ recorder, service, notify, log })
  const inspect = createInspectService({
    recorder,
    service,
    openChannel() {
      const { port1, port2 } = new MessageChannelMain()
      return [port1, port2]
    },
    launch: inspectorProcesses({ fork: () => forkInspector(paths.trainer, home), kill: killChild, log }),
    dataFolder: (id) => findDataset(id).folder,
    onProgress: (progress) => notify('inspect.progress', progress),
  })
  const exporting = createExporting({
    recorder,
    db: storage.db,
    fork: () => forkExporter(paths.exporter, home),
    log,
    notify,
    window: () => window,
    texts: () => texts[locale()],
  })
  serve({
    isOwnPage,
    log,
    onError(error) {
      if (error.kind === 'database-corrupt') notify('storage.problem', { error: noteDamage(home, error) })
    },
    handlers: {
      ...appHandlers(() => ({
        version: app.getVersion(),
        electron: process.versions.electron,
        platform: process.platform,
        systemLocale: app.getLocale(),
        storageNotice: storage.notice,
        restored: storage.restored,
      })),
      ...settingsHandlers(settings, applySettings),
      ...clipboardHandlers(),
      ...networksHandlers(),
      ...documentsHandlers({
        files: createDocumentFiles(),
        recents,
        autosave,
        dialogs,
        guard,
        showTitle,
        openLater: openFile,
        takePending() {
          const path = pendingFile
          pendingFile = null
          return path
        },
      }),
      ...exchangeHandlers({
        recorder,
        runFiles: createRunFiles({
          storage,
          recorder,
          appVersion: app.getVersion(),
          words() {
            const { importedTag: tag, importedFrom: origin, copyOf: copy } = texts[locale()]
            return { tag, origin, copy }
          },
        }),
        notify,
        dialogs: createExchangeDialogs(
          () => window,
          () => texts[locale()],
        ),
      }),
      ...datasetsHandlers({ infos: catalogue, load: loadDataset }),
      ...queueHandlers(queue),
      ...aidsHandlers(createHistogramsRepository(storage.db), rates),
      ...runsHandlers({ recorder, service }),
      ...organizeHandlers({
        organizer,
        curves,
        onDeleted: (id) => inspect.forget(id),
        onChanged: queue.advance,
      }),
      ...inspectHandlers(inspect),
      ...backupHandlers({
        storage,
        appVersion: app.getVersion(),
        ...createBackupDialogs(
          () => window,
          () => texts[locale()],
        ),
        onProgress: (progress) => notify('backup.progress', progress),
        isBusy: () => service.isBusy(),
        restart: paths.restart,
      }),
      ...exporting.handlers,
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
    mayClose: () => guard.mayClose(),
    locale,
    log,
  })
  window.on('closed', () => (window = null))
  void organizer.purgeOld().then(() => curves.packAll())

  return {
    focus() {
      if (window?.isMinimized()) window.restore()
      window?.focus()
    },
    openFile,
    mayQuit: () => window === null || guard.mayClose(),
    async shutDown() {
      // Quitting feels done at once, while a trainer takes its moment to stop.
      window?.hide()
      queue.close()
      rates.cancel()
      curves.stop()
      inspect.endAll()
      exporting.endAll()
      await service.stopAll()
      if (window) settings.setBounds(boundsOf(window))
      window?.destroy()
      if (!recorder.close()) log('the last records could not be stored; they wait in a file beside the database')
      storage.close()
    },
  }
}
