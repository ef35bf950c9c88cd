import type { Dataset, DatasetId } from '../../shared/data/dataset'
import { requireSound } from '../../shared/network/analyze'
import { requireFit } from '../../shared/network/fit'
import type { EngineChoice } from '../../shared/training/config'
import type { FindRateCommand, RangeEvent } from '../../shared/training/range-messages'
import { createRangeRecord, rangeRate, suggestRates, type RangeTestResult } from '../../shared/training/range-test'
import { loadDataset } from '../data/datasets'
import { epochOrder, splitData, stepSeed } from './batches'
import { chooseEngine } from './engine-choice'
import { resolveClassWeights } from './engines/class-weights'
import type { Engine } from './engines/engine'
import { initialWeights } from './engines/weights/initial'

export interface FindRateOptions {
  readonly emit: (event: RangeEvent) => void
  /** Whether to go on; asked between two steps. */
  readonly goOn?: () => boolean
  readonly startEngine?: (choice: EngineChoice) => Promise<Engine>
  readonly load?: (id: DatasetId, folder: string | undefined) => Dataset
  /** As performance.now. */
  readonly milliseconds?: () => number
}

/** Between two reports. */
const reportMs = 150

/**
 * Trains a fresh copy of the network, on the pictures and with the settings of a run, at a rate that rises from step to step;
 * schedule and warm-up play no part. Throws what keeps a run from beginning.
 */
export async function findRate(command: FindRateCommand, options: FindRateOptions): Promise<RangeTestResult> {
  const { emit, startEngine = chooseEngine, load = loadDataset, goOn = () => true } = options
  const { milliseconds = () => performance.now() } = options
  const { config, range } = command
  const network = requireSound(command.document)
  const dataset = load(config.dataset, command.dataFolders[config.dataset])
  const { title, shape, classes } = dataset.info
  requireFit(network, { title, shape, classes: classes.length })
  const data = splitData(dataset, config)
  const engine = await startEngine(config.engine)
  const compiled = await engine.compile({
    network,
    loss: config.loss,
    optimizer: config.optimizer,
    clipNorm: config.clip_norm,
    classWeights: resolveClassWeights(config.class_weights, data.train, data.trainIndices, classes.length),
    data: data.train,
  })
  try {
    compiled.setWeights(initialWeights(network, config.init, config.seed))
    const record = createRangeRecord()
    const batches = batchesOf(data.trainIndices, config)
    let reported = milliseconds()
    let fine = true
    for (let step = 0; step < range.steps && fine; step++) {
      const rate = rangeRate(range.from, range.to, step, range.steps)
      const { epoch, indices } = batches(step)
      const { loss } = compiled.trainStep({ indices, learningRate: rate, seed: stepSeed(config.seed, epoch, step + 1) })
      fine = record.add(rate, loss)
      if (milliseconds() - reported >= reportMs) {
        reported = milliseconds()
        emit({ type: 'rate-progress', points: [...record.points], steps: range.steps })
        await new Promise<void>((resolve) => void setImmediate(resolve))
        if (!goOn()) break
      }
    }
    return { points: [...record.points], suggestion: suggestRates(record.points, range.steps), diverged: !fine }
  } finally {
    compiled.dispose()
  }
}

/** The batches of a run in its order, epoch after epoch. */
function batchesOf(trainIndices: Int32Array, config: FindRateCommand['config']) {
  const perEpoch = Math.ceil(trainIndices.length / config.batch_size)
  let known = { epoch: 0, order: trainIndices }
  return (step: number) => {
    const epoch = Math.floor(step / perEpoch) + 1
    if (known.epoch !== epoch) known = { epoch, order: epochOrder(trainIndices, config, epoch) }
    const start = (step % perEpoch) * config.batch_size
    return { epoch, indices: known.order.subarray(start, start + config.batch_size) }
  }
}
