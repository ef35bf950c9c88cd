import { join } from 'node:path'
import type { RunSummary } from '../../shared/ipc/contract'
import type { StartCommand } from '../../shared/training/messages'
import type { RunRecorder } from '../main/runs/run-recorder'
import type { Engine } from '../trainer/engines/engine'
import { createRunControl } from '../trainer/run-control'
import { train, type LastEvent } from '../trainer/train'
import type { CliContext } from './context'
import { createTrainReport } from './train-report'

/** Trains a recorded run to its end, tells how it goes and records it. Ctrl+C stops it after the step at hand. */
export async function runRecorded(
  run: RunSummary,
  command: Omit<StartCommand, 'type' | 'config' | 'runFolder'>,
  { recorder, engine, context }: { recorder: RunRecorder; engine: Engine; context: CliContext },
): Promise<LastEvent> {
  const { output, onInterrupt } = context
  const { id, name, config } = run
  const runFolder = recorder.folder(id)
  const control = createRunControl()
  const ignoreInterrupts = onInterrupt(() => {
    output.notice('Stopping after this step. Press Ctrl+C again to end at once.')
    control.stop()
  })
  output.object({ type: 'run', id, name, folder: runFolder, config })
  output.line(`Run       ${id.slice(0, 8)}  ${name} on ${config.dataset}`)
  const report = createTrainReport(output, run, (checkpoint) => join(runFolder, checkpoint))
  try {
    return await train(
      { type: 'start', config, runFolder, ...command },
      {
        control,
        startEngine: () => Promise.resolve(engine),
        emit(event) {
          recorder.record(id, event)
          report(event)
        },
      },
    )
  } finally {
    ignoreInterrupts()
  }
}
