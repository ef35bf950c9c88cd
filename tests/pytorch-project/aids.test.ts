import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readCheckpointMeta } from '../../electron/run-folder/read-checkpoint'
import { parseCsv } from '../../electron/exporter/readers/csv'
import { eventsOf } from '../../electron/trainer/testing/run-tiny'
import { tinyConfig } from '../../electron/trainer/testing/tiny'
import { readSafetensors } from '../../shared/formats/safetensors'
import { checkpointFolder } from '../../shared/training/checkpoint-names'
import { optimizerTypes, runConfigSchema, type RunConfig } from '../../shared/training/config'
import type { LoopState } from '../../shared/training/loop-state'
import type { TrainerEvent } from '../../shared/training/messages'
import { python, reason } from '../codegen/python'
import {
  exportProject,
  largestDifference,
  network,
  readState,
  runProjects,
  skewedDataset as dataset,
  torchrun,
  trainRun,
  writeIdx,
} from './projects'

/** Exported in the middle of the third epoch: after three of its steps. */
const middle = 'epoch-0002-step-000003'

const rateOf: Readonly<Record<string, number>> = { sgd: 0.05, momentum: 0.05, nesterov: 0.05 }
const cases: Readonly<Record<string, object>> = {
  ...Object.fromEntries(
    optimizerTypes.map((type) => [
      type,
      { optimizer: { type, weight_decay: 0.01 }, learning_rate: rateOf[type] ?? 0.005, epochs: 4 },
    ]),
  ),
  'a plateau': {
    schedule: { type: 'plateau', patience: 0, threshold: 0.3, factor: 0.7, min_rate: 0.002 },
    epochs: 7,
  },
  'a plateau of the training loss, and warm-up': {
    schedule: { type: 'plateau', patience: 1, threshold: 0.6, factor: 0.2 },
    warmup_steps: 18,
    validation_split: 0,
    epochs: 6,
  },
  'a cosine and warm-up': { schedule: { type: 'cosine', min_rate: 1e-4 }, warmup_steps: 15, epochs: 4 },
  'one cycle': { schedule: { type: 'one-cycle', pct_start: 0.6 }, epochs: 4 },
  'one cycle from its top': { schedule: { type: 'one-cycle', pct_start: 0.05 }, epochs: 4 },
  'early stopping by the loss': {
    early_stopping: { monitor: 'loss', patience: 2, min_delta: 0.25, restore_best: true },
    epochs: 12,
  },
  'early stopping by the accuracy': {
    early_stopping: { monitor: 'accuracy', patience: 3, min_delta: 0.5, restore_best: false },
    epochs: 12,
  },
  'a best epoch before the export': {
    early_stopping: { monitor: 'loss', patience: 50, min_delta: 20, restore_best: true },
    epochs: 4,
  },
  clipping: { clip_norm: 0.3, optimizer: { type: 'momentum' }, learning_rate: 0.05, epochs: 4 },
  'clipping, decay and class weights': {
    clip_norm: 0.2,
    optimizer: { type: 'adamw' },
    class_weights: [0.2, 1, 5],
    epochs: 4,
  },
  'balanced classes': { class_weights: 'balanced', epochs: 4 },
  'class weights and smoothing': {
    class_weights: [0.5, 2, 4],
    loss: { type: 'cross-entropy', label_smoothing: 0.2 },
    epochs: 4,
  },
  'batches that weigh nothing': { class_weights: [0, 1, 1], batch_size: 2, optimizer: { type: 'sgd' }, epochs: 4 },
}
const names = Object.keys(cases)

/** See `expectSameSteps`. */
const closeLoss = 2e-5
/** Adam and its like divide by gradients' roots, which makes more of rounding. */
const closeWeight = 1e-4

/** Parts of a batch differ in weight, the last batch leaves a process without pictures, and norms are the whole batch's. */
const together = ['clipping', 'clipping, decay and class weights', 'early stopping by the loss', 'a plateau']

function configOf(name: string): RunConfig {
  const usual = { ...tinyConfig(), engine: 'auto', learning_rate: 0.005 }
  return runConfigSchema.parse({ ...usual, ...cases[name], checkpoint: { every_steps: 3, keep_last: 100 } })
}

describe(`PyTorch project with what helps training${reason}`, () => {
  let folder = ''
  const at = (...parts: string[]) => join(folder, ...parts)
  const told = new Map<string, readonly TrainerEvent[]>()
  let printed: readonly string[] = []

  beforeAll(async () => {
    if (python === null) return
    folder = mkdtempSync(join(tmpdir(), 'convscope-aids-'))
    mkdirSync(at('pictures'))
    writeIdx(at('pictures'), dataset)
    for (const name of names) {
      const one = { document: network({ norm: true }), config: configOf(name) }
      told.set(name, await trainRun(at('runs', name), one.document, one.config, dataset))
      await exportProject(at(name), at('runs', name, middle), one)
    }
    const data = ['--data', at('pictures'), '--device', 'cpu'] as const
    printed = runProjects(names.map((name) => [at(name), ...data])).split(/^(?=step \d+: )/m)
    for (const name of together) {
      cpSync(at(name), at('together', name), { recursive: true })
      torchrun(at('together', name), 2, [...data, '--checkpoint', at(name, 'checkpoint'), '--output', at('two', name)])
    }
  }, 600_000)

  afterAll(() => {
    if (folder) rmSync(folder, { recursive: true, force: true })
  })

  const test = it.skipIf(python === null)
  const ours = <Type extends TrainerEvent['type']>(name: string, type: Type) => eventsOf(told.get(name) ?? [], type)
  const stepsOf = (name: string) =>
    ours(name, 'progress')
      .flatMap(({ steps }) => steps)
      .filter(({ step }) => step > stateOf(name, 'checkpoint').step)
  const epochsOf = (name: string) =>
    ours(name, 'epoch')
      .map(({ result }) => result)
      .filter(({ epoch }) => epoch > 2)
  const history = (...place: string[]) => parseCsv(readFileSync(at(...place, 'history.csv'), 'utf8'))
  const stateOf = (...place: string[]) => JSON.parse(readFileSync(at(...place, 'state.json'), 'utf8')) as RunState

  /**
   * Both compute in float32, in other orders: some 1e-7 of a loss in a step, which a few dozen steps carry on to some 1e-6.
   * Rates are computed in 64 bits from the same numbers.
   */
  function expectSameSteps(theirs: ReturnType<typeof history>, steps: ReturnType<typeof stepsOf>): void {
    const rows = theirs.filter(({ kind }) => kind === 'step')
    expect(rows.map(({ step }) => Number(step))).toEqual(steps.map(({ step }) => step))
    for (const [index, { step, loss, learningRate }] of steps.entries()) {
      const row = rows[index]
      expect(Number(row?.['learning_rate']) / learningRate, `rate of step ${step}`).toBeCloseTo(1, 12)
      expect(Math.abs(Number(row?.['loss']) - loss), `loss of step ${step}`).toBeLessThan(closeLoss)
    }
  }

  function expectSameEpochs(theirs: ReturnType<typeof history>, name: string): void {
    const rows = theirs.filter(({ kind }) => kind === 'epoch')
    const epochs = epochsOf(name)
    expect(rows.map(({ epoch }) => Number(epoch))).toEqual(epochs.map(({ epoch }) => epoch))
    for (const [index, { train, validation, learningRate }] of epochs.entries()) {
      const row = rows[index] ?? {}
      expect(Number(row['accuracy'])).toBeCloseTo(train.accuracy, 12)
      expect(row['validation_accuracy']).toBe(validation === null ? '' : row['validation_accuracy'])
      expect(Number(row['validation_accuracy'])).toBeCloseTo(validation?.accuracy ?? 0, 12)
      expect(Math.abs(Number(row['loss']) - train.loss)).toBeLessThan(closeLoss)
      expect(Math.abs(Number(row['validation_loss']) - (validation?.loss ?? 0))).toBeLessThan(closeLoss)
      expect(Number(row['learning_rate']) / learningRate).toBeCloseTo(1, 12)
    }
  }

  test.each(names)('the same losses and rates, from the middle of an epoch on: %s', (name) => {
    expectSameSteps(history(name, 'continued'), stepsOf(name))
    expectSameEpochs(history(name, 'continued'), name)
  })

  test.each(names)('the same end: %s', (name) => {
    const last = epochsOf(name).at(-1)?.epoch ?? 0
    const folderOfEnd = at('runs', name, checkpointFolder({ epoch: last, stepInEpoch: 0 }))
    const [theirs, before, end] = [
      readState(at(name, 'continued')),
      readState(at(name, 'checkpoint')),
      readState(folderOfEnd),
    ]
    expect(largestDifference(before.weights, end.weights)).toBeGreaterThan(1e-3)
    expect(largestDifference(theirs.weights, end.weights)).toBeLessThan(closeWeight)
    expect(largestDifference(theirs.optimizer, end.optimizer)).toBeLessThan(closeWeight)
    const { loop, epoch, step } = stateOf(name, 'continued')
    const { loop: kept, ...position } = readCheckpointMeta(folderOfEnd)
    expect([epoch, step]).toEqual([position.position.epoch, position.position.step])
    expect({ ...loop, best: loop.best?.epoch }).toMatchObject({
      plateau: { waited: kept.plateau.waited, reductions: kept.plateau.reductions },
      stopping: { waited: kept.stopping.waited },
      best: kept.best?.epoch,
      stoppedEarly: kept.stoppedEarly,
    })
    expect(largestDifference(bestOf(at(name, 'continued')), bestOf(at('runs', name), kept.best?.epoch))).toBeLessThan(
      closeWeight,
    )
    const [finished] = ours(name, 'finished')
    const [, loss = '', accuracy = ''] =
      /^test loss (\S+), accuracy (\S+)$/m.exec(printed[names.indexOf(name)] ?? '') ?? []
    expect(Math.abs(Number(loss) - (finished?.test.loss ?? NaN))).toBeLessThan(1e-4)
    expect(Number(accuracy)).toBeCloseTo(finished?.test.accuracy ?? NaN, 4)
  })

  test.each(together)('two processes equal one: %s', (name) => {
    const [two, one] = [history('two', name), history(name, 'continued')]
    expect(two).toHaveLength(one.length)
    for (const [index, row] of one.entries()) {
      expect([two[index]?.['step'], two[index]?.['learning_rate']]).toEqual([row['step'], row['learning_rate']])
      for (const column of ['loss', 'validation_loss']) {
        expect(Math.abs(Number(two[index]?.[column]) - Number(row[column]))).toBeLessThan(closeLoss)
      }
    }
    expect(
      largestDifference(readState(at('two', name)).weights, readState(at(name, 'continued')).weights),
    ).toBeLessThan(1e-5)
    expect(stateOf('two', name).loop.stoppedEarly).toBe(stateOf(name, 'continued').loop.stoppedEarly)
  })

  describe('what is compared is at work', () => {
    const rates = (name: string) => new Set(stepsOf(name).map(({ learningRate }) => learningRate.toPrecision(9)))

    test('plateaus reduce the rate after the export, one down to its floor', () => {
      expect(rates('a plateau').size).toBeGreaterThan(2)
      expect(Math.min(...stepsOf('a plateau').map(({ learningRate }) => learningRate))).toBe(0.002)
      expect(epochsOf('a plateau of the training loss, and warm-up').at(-1)?.learningRate).toBeLessThan(0.0011)
    })

    test('early stopping ends runs, after the export and before their last epoch', () => {
      for (const name of ['early stopping by the loss', 'early stopping by the accuracy']) {
        expect(epochsOf(name).length).toBeGreaterThan(1)
        expect(epochsOf(name).at(-1)?.epoch).toBeLessThan(configOf(name).epochs)
        expect(printed[names.indexOf(name)]).toContain('stopped early')
      }
      expect(printed[names.indexOf('early stopping by the loss')]).toMatch(/back to the weights of the best epoch/)
      expect(printed[names.indexOf('a best epoch before the export')]).toMatch(/weights of the best epoch, 1:/)
    })

    test('some batch weighs nothing', () => {
      expect(stepsOf('batches that weigh nothing').filter(({ loss }) => loss === 0).length).toBeGreaterThan(0)
    })

    test.each([
      ['clipping', { clip_norm: null }],
      ['clipping, decay and class weights', { clip_norm: null }],
      ['clipping, decay and class weights', { class_weights: null }],
      ['balanced classes', { class_weights: null }],
      ['class weights and smoothing', { class_weights: null }],
    ] as const)('%s: without it the weights are others', async (name, without) => {
      const config = { ...configOf(name), ...without }
      const other = at('without')
      rmSync(other, { recursive: true, force: true })
      await trainRun(other, network({ norm: true }), config, dataset)
      const [plain, end] = [other, at('runs', name)].map((run) => readState(join(run, 'epoch-0004')))
      expect(largestDifference(plain?.weights ?? new Map(), end?.weights ?? new Map())).toBeGreaterThan(1e-3)
    })
  })
})

/** Weights of the best epoch: of a project, or of a run where the epoch is given. */
function bestOf(folder: string, epoch?: number) {
  const file =
    epoch === undefined
      ? join(folder, 'best.safetensors')
      : join(folder, checkpointFolder({ epoch, stepInEpoch: 0 }), 'weights.safetensors')
  return readSafetensors(readFileSync(file), file).tensors
}

interface RunState {
  readonly epoch: number
  readonly step: number
  readonly loop: LoopState
}
