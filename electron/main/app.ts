import { app, MessageChannelMain, nativeTheme, type BrowserWindow } from 'electron'
import { catalogue } from '../../shared/data/catalogue'
import type { AppEvents, EventName, Settings } from '../../shared/ipc/contract'
import type { Locale } from '../../shared/layers/define'
import { loadDataset } from '../data/datasets'
import { findDataset } from '../data/find-dataset'
import { mergeAside } from './db/aside'
import { noteDamage } from './db/damage'
import type { Storage } from './db/open'
import { createHistogramsRepository } from './db/repositories/histograms'
import { createSettingsRepository } from './db/repositories/settings'
import { createAutosave } from './documents/autosave'
import { createCloseGuard } from './documents/close-guard'
import { createDocumentDialogs } from './documents/dialogs'
import { createDocumentFiles } from './documents/document-files'
import { createRecents, recentSchema } from './documents/recents'
import { archiveProcesses } from './archives/archive-process'
import { aidsHandlers } from './handlers/aids'
import { createExporting } from './exports/exporting'
import { appHandlers } from './handlers/app'
import { backupHandlers } from './handlers/backup'
import { clipboardHandlers } from './handlers/clipboard'
import { datasetsHandlers } from './handlers/datasets'
import { createExchangeDialogs } from './documents/exchange-dialogs'
import { runFilesHandlers } from './handlers/run-files'
import { documentsHandlers } from './handlers/documents'
import { experimentsHandlers } from './handlers/experiments'
import { inspectHandlers } from './handlers/inspect'
import { networksHandlers } from './handlers/networks'
import { queueHandlers } from './handlers/queue'
import { organizeHandlers } from './handlers/organize'
import { runsHandlers } from './handlers/runs'
import { settingsHandlers } from './handlers/settings'
import { weightsHandlers } from './handlers/weights'
import { createInspectService } from './inspect/inspect-service'
import { inspectorProcesses } from './inspect/inspector-process'
import { sendEvent, serve } from './ipc/serve'
import type { Log } from './log'
import { createRunFiles } from './runs/run-files'
import { createMainSettings } from './settings-store'
import { resolveLocale, texts } from './texts'
import { createTraining } from './training'
import { forkArchiver, forkExporter, forkInspector, killChild } from './trainer-fork'
import { createBackupDialogs } from './window/backup-dialogs'
import { showMenu } from './window/menu'
import { pageOrigin, startPage } from './window/pages'
import { boundsOf, openWindow, showTitle } from './window/window'

export interface AppPaths {
  readonly home: string
  readonly trainer: string
  /** The program that writes exports. */
  readonly exporter: string
  /** The program that writes and reads run files and backups. */
  readonly archiver: string
  readonly preload: string
  /** The development server's address, in place of our own pages. */
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

/** Builds the whole main process on an open database. */
export function startApp(storage: Storage, paths: AppPaths, log: Log): RunningApp {
  const { home, devServer } = paths
  if (storage.notice) log(`storage: ${storage.notice.message}`)
  mergeAside(storage, log)
  const settings = createMainSettings(storage, log)
  let window: BrowserWindow | null = null
  let pendingFile = paths.file

  function focus(): void {
    if (window?.isMinimized()) window.restore()
    window?.focus()
  }
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
  const training = createTraining({
    storage,
    trainer: paths.trainer,
    window: () => window,
    focus,
    notify,
    settings,
    locale,
    log,
  })
  const { watch, recorder, organizer, curves, service, rates, queue, experiments } = training
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
  const archives = archiveProcesses({ fork: () => forkArchiver(paths.archiver, home), kill: killChild, log })
  const exchangeDialogs = createExchangeDialogs(
    () => window,
    () => texts[locale()],
  )
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
        showTitle: (design) => window && showTitle(window, design),
        openLater: openFile,
        takePending() {
          const path = pendingFile
          pendingFile = null
          return path
        },
      }),
      ...weightsHandlers(exchangeDialogs),
      ...runFilesHandlers({
        recorder,
        runFiles: createRunFiles({
          storage,
          recorder,
          archives,
          appVersion: app.getVersion(),
          words() {
            const { importedTag: tag, importedFrom: origin, copyOf: copy } = texts[locale()]
            return { tag, origin, copy }
          },
        }),
        notify,
        dialogs: exchangeDialogs,
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
      ...experimentsHandlers(experiments),
      ...inspectHandlers(inspect),
      ...backupHandlers({
        storage,
        archives,
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
  window.on('focus', watch.focused)
  void organizer.purgeOld().then(() => curves.packAll())

  return {
    focus,
    openFile,
    mayQuit: () => window === null || guard.mayClose(),
    async shutDown() {
      // Quitting feels done at once, while a trainer takes its moment to stop.
      window?.hide()
      queue.close()
      rates.cancel()
      watch.stop()
      curves.stop()
      inspect.endAll()
      exporting.endAll()
      archives.endAll()
      await service.stopAll()
      watch.close()
      if (window) settings.setBounds(boundsOf(window))
      window?.destroy()
      if (!recorder.close()) log('the last records could not be stored; they wait in a file beside the database')
      storage.close()
    },
  }
}
