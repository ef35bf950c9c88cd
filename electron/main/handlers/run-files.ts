import { AppError } from '../../../shared/errors'
import type { ArchiveProgress } from '../../../shared/ipc/archive-progress'
import type { ArchiveWatch } from '../../exchange/archives'
import { isRunFile } from '../../exchange/run-file/is-run-file'
import type { Handlers } from '../ipc/serve'
import type { RunFiles } from '../runs/run-files'
import type { Notify, RunRecorder } from '../runs/run-recorder'
import { fileName } from './file-name'

export interface RunFileDialogs {
  /** Null when the person changed their mind. */
  askRunFile(): Promise<string | null>
  askRunTarget(suggestion: string): Promise<string | null>
}

export interface RunFilesHandlersOptions {
  readonly recorder: Pick<RunRecorder, 'get'>
  readonly runFiles: RunFiles
  readonly dialogs: RunFileDialogs
  readonly notify: Notify
}

type RunFileCalls = 'exchange.pack' | 'exchange.open' | 'exchange.cancel' | 'exchange.isRun'

export function runFilesHandlers(options: RunFilesHandlersOptions): Pick<Handlers, RunFileCalls> {
  const { recorder, runFiles, dialogs, notify } = options
  let underWay: AbortController | null = null

  /** Only one at a time: they would fight for the disk. */
  async function alone<Result>(work: (watch: ArchiveWatch) => Promise<Result>): Promise<Result> {
    if (underWay) {
      throw new AppError('busy', 'A run is being saved or opened already.', { fix: 'Wait until it is done.' })
    }
    const { signal } = (underWay = new AbortController())
    try {
      const onProgress = (progress: ArchiveProgress) => notify('exchange.progress', progress)
      return await work({ signal, onProgress })
    } finally {
      underWay = null
    }
  }

  return {
    async 'exchange.pack'({ id, ...choice }) {
      const { name } = recorder.get(id)
      const target = await dialogs.askRunTarget(`${fileName(name)}.convscope`)
      if (target !== null) await alone((watch) => runFiles.pack(id, choice, target, watch))
      return target
    },
    async 'exchange.open'({ path, copy }) {
      const chosen = path ?? (await dialogs.askRunFile())
      if (chosen === null) return null
      const opened = await alone((watch) => runFiles.open(chosen, copy, watch))
      if (opened.type === 'opened') notify('run.changed', opened.run)
      return opened
    },
    'exchange.cancel': () => void underWay?.abort(),
    'exchange.isRun': ({ path }) => isRunFile(path),
  }
}
