import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { AppError } from '../../../shared/errors'
import type { CallParsed, RunSummary } from '../../../shared/ipc/contract'
import type { NetworkDocument } from '../../../shared/network/document'
import { optimizerFile, weightsFile } from '../../../shared/training/checkpoint-names'
import type { RunRecorder } from './run-recorder'
import type { RunService } from './run-service'

type ForkRequest = Omit<CallParsed<'runs.fork'>, 'id'>

/**
 * Begins a run with a checkpoint's weights and settings of its own. Throws `not-found` naming the checkpoint's file,
 * `invalid-input` where its optimizer's slots cannot be taken over, and what starting a run throws.
 */
export function forkRun(
  { recorder, service }: { readonly recorder: RunRecorder; readonly service: Pick<RunService, 'start'> },
  id: string,
  request: ForkRequest,
): RunSummary {
  const parent = recorder.get(id)
  const { checkpoint, config, keepOptimizer, document = parent.document } = request
  const folder = join(recorder.folder(id), checkpoint)
  const weights = requireFile(join(folder, weightsFile))
  if (
    keepOptimizer &&
    (config.optimizer.type !== parent.config.optimizer.type || !sameLayers(document, parent.document))
  ) {
    throw new AppError('invalid-input', "The optimizer's state belongs to another optimizer or another network.", {
      fix: "Begin with a fresh optimizer, or keep the run's optimizer and network.",
      params: { run: parent.name },
    })
  }
  return service.start(
    { document, config, name: request.name ?? `${parent.name} (${checkpoint})`, parent: { run: id, checkpoint } },
    { weights, optimizer: keepOptimizer ? requireFile(join(folder, optimizerFile)) : null },
  )
}

function sameLayers(a: NetworkDocument, b: NetworkDocument): boolean {
  const keyOf = ({ layers, groups }: NetworkDocument) =>
    JSON.stringify([layers.map(({ id, kind, params, inputs }) => [id, kind, params, inputs]), groups ?? []])
  return keyOf(a) === keyOf(b)
}

function requireFile(file: string): string {
  if (existsSync(file)) return file
  throw new AppError('not-found', `The checkpoint's file ${file} is not there.`, {
    fix: 'Choose another moment of the run. Older checkpoints keep their weights only.',
    params: { file },
  })
}
