import { app, shell, type BrowserWindow } from 'electron'
import type { Database } from 'better-sqlite3'
import { findDataset } from '../../data/find-dataset'
import { createExportsRepository } from '../db/repositories/exports'
import { exportsHandlers } from '../handlers/exports'
import type { Notify, RunRecorder } from '../runs/run-recorder'
import type { MenuTexts } from '../texts'
import { killChild } from '../trainer-fork'
import { createTargetDialog } from './ask-target'
import { exportProcesses, type ExportChild } from './export-process'
import { createExportService } from './export-service'

export interface ExportingOptions {
  readonly recorder: RunRecorder
  readonly db: Database
  /** Starts the exporting program. */
  readonly fork: () => ExportChild
  readonly log: (message: string) => void
  readonly notify: Notify
  readonly window: () => BrowserWindow | null
  readonly texts: () => MenuTexts
}

/** Puts together what runs leave the app by: the service with its processes and records, and the calls that reach it. */
export function createExporting({ recorder, db, fork, log, notify, window, texts }: ExportingOptions) {
  const service = createExportService({
    recorder,
    exports: createExportsRepository(db),
    launch: exportProcesses({ fork, kill: killChild, log }),
    dataFolder: (id) => findDataset(id).folder,
    version: app.getVersion(),
    onProgress: (request, progress) => notify('exports.progress', { request, progress }),
  })
  const handlers = exportsHandlers({
    recorder,
    service,
    askForTarget: createTargetDialog(window, texts),
    showInFolder: (path) => shell.showItemInFolder(path),
  })
  return { handlers, endAll: () => service.endAll() }
}
