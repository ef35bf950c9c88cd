import { AppError } from '../../shared/errors'
import { requireSound } from '../../shared/network/analyze'
import { requireFit } from '../../shared/network/fit'
import { isActive } from '../../shared/training/state'
import { findDataset } from '../data/find-dataset'
import { continuation } from '../main/runs/continuation'
import type { RunRecorder } from '../main/runs/run-recorder'
import type { LastEvent } from '../trainer/train'
import type { CliContext } from './context'
import { runRecorded } from './run-recorded'
import { startEngine } from './start-engine'

/**
 * Goes on with a run from its newest sound checkpoint, to its end or to `epochs` in all. Throws `busy` while it trains, and as
 * `continuation`.
 */
export async function resumeRun(
  id: string,
  epochs: number | undefined,
  { recorder, context }: { recorder: RunRecorder; context: CliContext },
): Promise<LastEvent> {
  const run = recorder.get(id)
  if (isActive(run.state)) {
    throw new AppError('busy', `The run ${run.id.slice(0, 8)} is training already.`, { fix: 'Stop it first.' })
  }
  const { config, resume } = continuation(run, recorder.folder(run.id), epochs)
  const { info, folder } = findDataset(config.dataset)
  requireFit(requireSound(run.document), { title: info.title, shape: info.shape, classes: info.classes.length })
  const engine = await startEngine(config.engine)
  return runRecorded(
    recorder.relaunch(run.id, config),
    {
      document: run.document,
      dataFolders: { [config.dataset]: folder },
      initialWeights: null,
      initialOptimizer: null,
      resume,
    },
    { recorder, engine, context },
  )
}
