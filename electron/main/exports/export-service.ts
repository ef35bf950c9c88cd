import { randomUUID } from 'node:crypto'
import { rmSync } from 'node:fs'
import { AppError } from '../../../shared/errors'
import type { ExportProgress, ExportRecord } from '../../../shared/exports/exports'
import type { ExportsRepository } from '../db/repositories/exports'
import { exportJob, type ExportSurroundings, type ExportWish } from './export-job'
import type { ExportProcess, LaunchExport } from './export-process'
import { checkTarget, putInPlace, unfinishedPath } from './target'

export interface ExportService {
  /** Writes, proves, and stores how that went. See the call `exports.start` for its errors. */
  start(request: string, wish: ExportWish, target: string): Promise<ExportRecord>
  cancel(request: string): void
  list(run: string): ExportRecord[]
  get(id: string): ExportRecord | null
  endAll(): void
}

export interface ExportServiceOptions extends ExportSurroundings {
  readonly launch: LaunchExport
  readonly exports: ExportsRepository
  readonly onProgress: (request: string, progress: ExportProgress) => void
  readonly now?: () => number
}

export function createExportService(options: ExportServiceOptions): ExportService {
  const { launch, exports, onProgress, now = Date.now } = options
  /** Under way, by request; null until the process runs. */
  const open = new Map<string, ExportProcess | null>()

  return {
    async start(request, wish, target) {
      checkTarget(wish, target)
      const unfinished = unfinishedPath(target)
      open.set(request, null)
      try {
        // Of an export that died with the app.
        rmSync(unfinished, { recursive: true, force: true })
        const { job, moment } = await exportJob(wish, unfinished, options)
        if (!open.has(request)) throw new AppError('cancelled', 'The export was cancelled.')
        const running = launch(job, (progress) => onProgress(request, progress))
        open.set(request, running)
        const { proof, bytes } = await running.done
        if (proof.agrees) putInPlace(unfinished, target)
        const { run, format } = wish
        const record = { id: randomUUID(), run, format, moment, path: target, bytes, createdAt: now(), proof }
        exports.insert(record)
        return record
      } finally {
        open.delete(request)
        rmSync(unfinished, { recursive: true, force: true })
      }
    },
    cancel(request) {
      const running = open.get(request)
      if (running) running.cancel()
      else open.delete(request)
    },
    list: (run) => exports.list(run),
    get: (id) => exports.get(id),
    endAll() {
      for (const running of open.values()) running?.cancel()
    },
  }
}
