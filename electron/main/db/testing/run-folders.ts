import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { openJournal } from '../../../run-folder/journal'
import { writeRunFile } from '../../../run-folder/run-file'
import { createRunRecorder } from '../../runs/run-recorder'
import { runFolderName } from '../home'
import { openStorage } from '../open'

/**
 * Gives each run of a home the folder that a trainer would have written for it: `run.json`, the journal of its metrics, and the
 * checkpoint of each epoch, whose weights nobody reads here.
 */
export function fillFolders(home: string): void {
  const storage = openStorage(home)
  const recorder = createRunRecorder(storage, { appVersion: '1.0.0', notify: () => undefined, log: () => undefined })
  for (const { id } of recorder.list()) {
    const run = recorder.get(id)
    const steps = storage.db
      .prepare<[string], [number, number | null, number]>(
        'SELECT step, loss, learning_rate FROM steps WHERE run = (SELECT number FROM runs WHERE id = ?) ORDER BY step',
      )
      .raw()
      .all(id)
    const folder = join(home, runFolderName(id))
    writeRunFile(folder, run)
    const journal = openJournal(folder, { epoch: 0, step: 0, stepInEpoch: 0 })
    for (const [step, loss, learningRate] of steps) journal.addStep({ step, loss: loss ?? NaN, learningRate })
    for (const result of run.epochs) {
      journal.addEpoch(result)
      writeCheckpoint(folder, `epoch-000${result.epoch}`, run)
    }
    journal.save()
    if (run.state.type === 'finished') journal.finish(run.state.test)
  }
  recorder.close()
  storage.close()
}

/** A checkpoint as every version wrote it. */
export function writeCheckpoint(
  folder: string,
  name: string,
  { document, config, engine }: { document: unknown; config: unknown; engine: unknown },
): void {
  mkdirSync(join(folder, name), { recursive: true })
  writeFileSync(join(folder, name, 'weights.safetensors'), 'weights')
  const meta = {
    format: 'convscope.checkpoint',
    version: 1,
    epoch: 1,
    step: 1,
    stepInEpoch: 0,
    config,
    engine,
    document,
  }
  writeFileSync(join(folder, name, 'checkpoint.json'), JSON.stringify(meta))
}
