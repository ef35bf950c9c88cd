import { existsSync } from 'node:fs'
import { exportExtensions, type ExportFormatId } from '../../../shared/exports/exports'
import type { ExportService } from '../exports/export-service'
import type { Handlers } from '../ipc/serve'
import type { RunRecorder } from '../runs/run-recorder'

type ExportCalls = 'exports.start' | 'exports.cancel' | 'exports.list' | 'exports.show'

export interface ExportHandlersOptions {
  readonly recorder: Pick<RunRecorder, 'get'>
  readonly service: ExportService
  /** Asks where to; null when the person changed their mind. */
  readonly askForTarget: (suggestion: string, format: ExportFormatId) => Promise<string | null>
  readonly showInFolder: (path: string) => void
}

export function exportsHandlers(options: ExportHandlersOptions): Pick<Handlers, ExportCalls> {
  const { recorder, service, askForTarget, showInFolder } = options
  return {
    async 'exports.start'({ request, ...wish }) {
      const target = await askForTarget(suggestedName(recorder.get(wish.run).name, wish.format), wish.format)
      return target === null ? null : service.start(request, wish, target)
    },
    'exports.cancel': ({ request }) => void service.cancel(request),
    'exports.list': ({ run }) => service.list(run),
    'exports.show'({ id }) {
      const path = service.get(id)?.path
      if (path === undefined || !existsSync(path)) return false
      showInFolder(path)
      return true
    },
  }
}

/** A run's name as a file name: no separators, no characters that Windows refuses. */
function suggestedName(run: string, format: ExportFormatId): string {
  const name = run.replaceAll(/[<>:"/\\|?*\p{Cc}]/gu, '-').trim() || 'network'
  const extension = exportExtensions[format]
  return extension === null ? `${name}-${format}` : `${name}.${extension}`
}
