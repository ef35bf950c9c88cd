import { dirname, join } from 'node:path'
import { AppError } from '../../../shared/errors'
import { readCheckpointSource } from '../../exchange/pytorch-project/checkpoint-source'
import { projectFiles } from '../../exchange/pytorch-project/contents'
import { writeFiles } from '../../exchange/write-files'
import { readImportFile } from '../documents/import-file'
import type { Handlers } from '../ipc/serve'
import type { RunRecorder } from '../runs/run-recorder'
import { fileName } from './file-name'

export interface ExchangeDialogs {
  /** A file of weights to read; null when the person changed their mind. */
  askWeights(): Promise<string | null>
  /** The folder in which a project's own folder is made. */
  askProjectFolder(): Promise<string | null>
  askProjectZip(suggestion: string): Promise<string | null>
}

export interface ExchangeHandlersOptions {
  readonly recorder: Pick<RunRecorder, 'get' | 'checkpoint'>
  readonly dialogs: ExchangeDialogs
}

export function exchangeHandlers({
  recorder,
  dialogs,
}: ExchangeHandlersOptions): Pick<Handlers, 'weights.read' | 'exchange.project'> {
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
  }
}

async function folderFor(name: string, dialogs: ExchangeDialogs): Promise<string | null> {
  const chosen = await dialogs.askProjectFolder()
  return chosen === null ? null : join(chosen, name)
}
