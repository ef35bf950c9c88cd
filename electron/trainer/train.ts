import type { Dataset, DatasetId } from '../../shared/data/dataset'
import { AppError, toWire } from '../../shared/errors'
import { requireSound } from '../../shared/network/analyze'
import { requireFit } from '../../shared/network/fit'
import type { StartCommand, TrainerEvent } from '../../shared/training/messages'
import type { EngineChoice } from '../../shared/training/config'
import { loadDataset } from '../data/datasets'
import { fingerprint } from '../data/fingerprint'
import type { RunFiles } from '../run-folder/files'
import { writeInitialWeights } from '../run-folder/write-checkpoint'
import { splitData } from './batches'
import { chooseEngine } from './engine-choice'
import { resolveClassWeights } from './engines/class-weights'
import type { Engine } from './engines/engine'
import { explainNotANumber } from './explain-not-a-number'
import type { Emit } from './reporter'
import type { RunControl } from './run-control'
import { otherEngine, requireSameData, startingState } from './run-start'
import { planRun, runTraining, type HandOver, type RunEnd } from './training-run'

export interface TrainOptions {
  readonly emit: Emit
  readonly control: RunControl
  readonly handOver?: HandOver
  readonly startEngine?: (choice: EngineChoice) => Promise<Engine>
  readonly load?: (id: DatasetId, folder: string | undefined) => Dataset
  readonly milliseconds?: () => number
  readonly retryMs?: number
  readonly files?: RunFiles
}

export type LastEvent = RunEnd | Extract<TrainerEvent, { type: 'failed' }>

/** Runs one run from beginning to end. Never rejects: the last event, emitted and returned, says how it went. */
export async function train(command: StartCommand, options: TrainOptions): Promise<LastEvent> {
  const last = await prepareAndRun(command, options).catch((error: unknown) => failed(error))
  options.emit(last)
  return last
}

/** The event for an error that ends a run. */
export function failed(error: unknown): Extract<TrainerEvent, { type: 'failed' }> {
  return { type: 'failed', error: toWire(outOfMemory(error) ?? error) }
}

async function prepareAndRun(command: StartCommand, options: TrainOptions): Promise<RunEnd> {
  const { startEngine = chooseEngine, load = loadDataset, control, emit } = options
  const { config, document } = command
  const network = requireSound(document)
  const folder = command.dataFolders[config.dataset]
  const dataset = load(config.dataset, folder)
  const { title, shape, classes } = dataset.info
  requireFit(network, { title, shape, classes: classes.length })
  const start = startingState(command, network, options.files)
  const known = fingerprint(dataset)
  requireSameData(start.data, known, title, folder)
  const data = splitData(dataset, config)
  const engine = await startEngine(config.engine)
  if (control.wanted === 'stop') return { type: 'stopped' }
  const compiled = await engine.compile({
    network,
    loss: config.loss,
    optimizer: config.optimizer,
    clipNorm: config.clip_norm,
    classWeights: resolveClassWeights(config.class_weights, data.train, data.trainIndices, classes.length),
    data: data.train,
  })
  try {
    compiled.setWeights(start.weights)
    if (start.optimizer) compiled.setOptimizerState(start.optimizer)
    const { trainCount, validationCount, totalSteps } = planRun({ command, data })
    emit({
      type: 'started',
      engine: engine.report,
      trainCount,
      validationCount,
      totalSteps,
      from: command.resume === null ? null : start.position,
      notices: [...start.notices, ...otherEngine(start.engine, engine.report)],
    })
    if (start.position.step === 0) writeInitialWeights(command.runFolder, start.weights, document.name, options.files)
    const job = { command, network, data, fingerprint: known, engine: engine.report, compiled, start }
    return await runTraining({ ...options, ...job })
  } catch (error) {
    throw await explainNotANumber(error, { engine, network, compiled, data, config, emit })
  } finally {
    compiled.dispose()
  }
}

/** V8 and the typed arrays say it as a RangeError without a code. */
function outOfMemory(error: unknown): AppError | null {
  if (!(error instanceof RangeError) || !/allocation failed|Invalid typed array length/i.test(error.message))
    return null
  return new AppError('out-of-memory', `The memory is full: ${error.message}.`, {
    fix: 'Choose a smaller batch or a smaller network, or close other programs.',
    cause: error,
  })
}
