import { existsSync } from 'node:fs'
import { exportExtensions } from '../../../shared/exports/exports'
import type { AskedExport } from '../exports/ask-target'
import type { ExportService } from '../exports/export-service'
import type { Handlers } from '../ipc/serve'
import type { RunRecorder } from '../runs/run-recorder'
import { fileName } from './file-name'

type ExportCalls = 'exports.start' | 'exports.cancel' | 'exports.list' | 'exports.show'

export interface ExportHandlersOptions {
  readonly recorder: Pick<RunRecorder, 'get'>
  readonly service: ExportService
  /** Asks where to; null when the person changed their mind. */
  readonly askForTarget: (suggestion: string, asked: AskedExport) => Promise<string | null>
  readonly showInFolder: (path: string) => void
}

export function exportsHandlers(options: ExportHandlersOptions): Pick<Handlers, ExportCalls> {
  const { recorder, service, askForTarget, showInFolder } = options
  return {
    async 'exports.start'({ request, ...wish }) {
      const target = await askForTarget(suggestedName(recorder.get(wish.run).name, wish), wish)
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

function suggestedName(run: string, { format, zip }: AskedExport): string {
  const extension = exportExtensions[format]
  if (extension !== null) return `${fileName(run)}.${extension}`
  return `${fileName(run)}-${format}${zip ? '.zip' : ''}`
}
