import { dirname, join } from 'node:path'
import { AppError } from '../../../shared/errors'
import type { exchangeCalls } from '../../../shared/ipc/exchange-calls'
import { readCheckpointSource } from '../../exchange/pytorch-project/checkpoint-source'
import { projectFiles } from '../../exchange/pytorch-project/contents'
import { isRunFile } from '../../exchange/run-file/is-run-file'
import { writeFiles } from '../../exchange/write-files'
import { writeAtomically } from '../documents/atomic-write'
import { readImportFile } from '../documents/import-file'
import type { Handlers } from '../ipc/serve'
import type { RunFiles } from '../runs/run-files'
import type { RunRecorder } from '../runs/run-recorder'
import type { Notify } from '../runs/run-recorder'

export interface ExchangeDialogs {
  /** A file of weights to read; null when the person changed their mind. */
  askWeights(): Promise<string | null>
  /** The folder in which a project's own folder is made. */
  askProjectFolder(): Promise<string | null>
  askProjectZip(suggestion: string): Promise<string | null>
  askRunFile(): Promise<string | null>
  askRunTarget(suggestion: string): Promise<string | null>
}

export interface ExchangeHandlersOptions {
  readonly recorder: Pick<RunRecorder, 'get' | 'checkpoint'>
  readonly runFiles: RunFiles
  readonly dialogs: ExchangeDialogs
  readonly notify: Notify
}

export function exchangeHandlers({
  recorder,
  runFiles,
  dialogs,
  notify,
}: ExchangeHandlersOptions): Pick<Handlers, keyof typeof exchangeCalls> {
  function checkpointOf(id: string, name: string): string {
    const checkpoint = recorder.checkpoint(id)
    if (checkpoint !== null) return checkpoint
    throw new AppError('not-found', `The run "${name}" has no weights yet.`, {
      fix: 'They are kept at the end of each epoch.',
      params: { name },
    })
  }

  return {
    async 'weights.read'({ path }) {
      const chosen = path ?? (await dialogs.askWeights())
      return chosen === null ? null : readImportFile(chosen)
    },
    async 'exchange.project'({ id, as }) {
      const { name, document, config } = recorder.get(id)
      const checkpoint = readCheckpointSource(dirname(checkpointOf(id, name)))
      const own = `${fileName(name)}-pytorch`
      const target = as === 'zip' ? await dialogs.askProjectZip(`${own}.zip`) : await folderFor(own, dialogs)
      if (target !== null) writeFiles(target, projectFiles({ name, document, config, checkpoint }))
      return target
    },
    async 'exchange.pack'({ id, ...choice }) {
      const { name } = recorder.get(id)
      const target = await dialogs.askRunTarget(`${fileName(name)}.convscope`)
      if (target !== null) writeAtomically(target, runFiles.pack(id, choice))
      return target
    },
    async 'exchange.open'({ path, copy }) {
      const chosen = path ?? (await dialogs.askRunFile())
      if (chosen === null) return null
      const opened = runFiles.open(chosen, copy)
      if (opened.type === 'opened') notify('run.changed', opened.run)
      return opened
    },
    'exchange.isRun': ({ path }) => isRunFile(path),
  }
}

async function folderFor(name: string, dialogs: ExchangeDialogs): Promise<string | null> {
  const chosen = await dialogs.askProjectFolder()
  return chosen === null ? null : join(chosen, name)
}

/** A run's name as a file name: no separators, no characters that Windows refuses. */
function fileName(name: string): string {
  return name.replaceAll(/[<>:"/\\|?*\p{Cc}]/gu, '-').trim() || 'run'
}
