import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { generateKeras } from '../../shared/codegen/keras'
import { generatePyTorch } from '../../shared/codegen/pytorch'
import { readNetwork } from '../../shared/network/parse'
import { resolveClassWeights } from '../../electron/trainer/engines/class-weights'
import { lossOf } from '../../electron/trainer/engines/eager/loss'
import { optimizerTypes, runConfigSchema, type RunConfig } from '../../shared/training/config'
import { createRandom } from '../../shared/training/random'
import { learningRateAt } from '../../shared/training/schedule'
import { python, reason } from './python'

const network = readNetwork(
  {
    format: 'convscope.network',
    version: 1,
    name: 'Small',
    layers: [
      { id: 'input', kind: 'input', params: { height: 8, width: 8, channels: 1 } },
      { id: 'conv', kind: 'conv2d', params: { out_channels: 4, kernel_size: 3 }, inputs: ['input'] },
      { id: 'bn', kind: 'batch_norm2d', inputs: ['conv'] },
      { id: 'relu', kind: 'relu', inputs: ['bn'] },
      { id: 'flatten', kind: 'flatten', inputs: ['relu'] },
      { id: 'drop', kind: 'dropout', params: { p: 0.1 }, inputs: ['flatten'] },
      { id: 'fc', kind: 'linear', params: { out_features: 10 }, inputs: ['drop'] },
    ],
  },
  'Small',
)

const schedules = [{ type: 'constant' }, { type: 'step', step_size: 2 }, { type: 'cosine', min_rate: 1e-5 }]
const usual = { learning_rate: 0.003, epochs: 6, batch_size: 20 }
const losses = [{ type: 'cross-entropy' }, { type: 'mse' }, { type: 'cross-entropy', label_smoothing: 0.1 }]

/** Every optimizer, schedule, loss and initialisation occurs. */
const optimizers = optimizerTypes.map((type, index) =>
  runConfigSchema.parse({
    optimizer: { type, weight_decay: index % 2 === 0 ? 0.001 : 0 },
    schedule: schedules[index % 3],
    loss: losses[(index + 1) % 3],
    init: (['pytorch', 'glorot', 'he'] as const)[index % 3],
    shuffle: index !== 1,
    validation_split: index === 2 ? 0 : 0.1,
    limit: index === 3 ? 150 : null,
    learning_rate: type === 'sgd' || type === 'momentum' || type === 'nesterov' ? 0.02 : 0.003,
    epochs: 6,
    batch_size: 20,
  }),
)

const smooth = { type: 'cross-entropy', label_smoothing: 0.1 }
const decay = { type: 'momentum', weight_decay: 0.01 }
/** What changes a step or ends a run. */
const aids = Object.entries({
  'one-cycle': { schedule: { type: 'one-cycle', pct_start: 0.4, div_factor: 5 }, learning_rate: 0.01 },
  'warm-up': { warmup_steps: 25 },
  'warm-up and one-cycle': { schedule: { type: 'one-cycle' }, warmup_steps: 30, learning_rate: 0.01 },
  'warm-up and steps': { schedule: { type: 'step', step_size: 1, gamma: 0.7 }, warmup_steps: 7 },
  'warm-up and cosine': { schedule: { type: 'cosine' }, warmup_steps: 7 },
  // Nothing but the first epoch is better than a ten-thousandth of the best loss.
  plateau: { schedule: { type: 'plateau', patience: 1, threshold: 0.9999, factor: 0.5, min_rate: 0.001 } },
  'plateau and warm-up': {
    schedule: { type: 'plateau', patience: 0, threshold: 0.9999, factor: 0.9 },
    warmup_steps: 25,
  },
  clipping: { clip_norm: 0.5, validation_split: 0 },
  'clipping and decay': { clip_norm: 0.5, optimizer: decay },
  'balanced classes': { class_weights: 'balanced' },
  'own class weights': { class_weights: [1, 2, 0.5, 3, 1, 1, 0.2, 4, 1, 2], loss: smooth, validation_split: 0 },
  'early stopping': { early_stopping: { monitor: 'loss', patience: 2, min_delta: 50 } },
  'early stopping by accuracy': {
    early_stopping: { monitor: 'accuracy', patience: 1, min_delta: 1 },
    validation_split: 0,
  },
}).map(([title, settings]) => ({ title, config: runConfigSchema.parse({ ...usual, ...settings }) }))

const runs = [...optimizers.map((config) => ({ title: config.optimizer.type, config })), ...aids]

interface Trace {
  readonly rates: readonly number[]
  readonly norms: readonly number[]
  readonly loss?: number
}

/** Numbers to see the loss with class weights by. */
const probe = {
  logits: Array.from({ length: 12 }, (_, row) => Array.from({ length: 10 }, (_, at) => Math.sin(3 * row + at * at))),
  labels: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 3, 3],
}

describe.each([
  { name: 'torch', generate: generatePyTorch },
  { name: 'keras', generate: generateKeras },
])(`generated $name script${reason}`, ({ generate }) => {
  let folder = ''

  beforeAll(() => {
    if (python === null) return
    folder = mkdtempSync(join(tmpdir(), 'convscope-codegen-train-'))
    writeData(folder)
    writeFileSync(join(folder, 'probe.json'), JSON.stringify(probe))
    for (const [index, { config }] of runs.entries()) {
      writeFileSync(join(folder, `run${index}.py`), generate(network, config).text)
    }
    const script = join(import.meta.dirname, 'run_generated.py')
    const args = [script, 'train', folder, ...runs.map((_run, index) => `run${index}`)]
    const { status, stderr } = spawnSync(python, args, { encoding: 'utf8' })
    if (status !== 0) throw new Error(stderr)
  }, 600_000)

  afterAll(() => {
    if (folder) rmSync(folder, { recursive: true, force: true })
  })

  function traceOf(title: string): { config: RunConfig; trace: Trace } {
    const index = runs.findIndex((run) => run.title === title)
    const text = readFileSync(join(folder, `run${index}.trace`), 'utf8')
    return { config: runs[index]?.config ?? runConfigSchema.parse({}), trace: JSON.parse(text) as Trace }
  }

  it.skipIf(python === null).each(runs.map(({ title }, index) => [title, index] as const))(
    'learns with %s',
    (title, index) => {
      const error = join(folder, `run${index}.error`)
      expect(existsSync(error) ? readFileSync(error, 'utf8') : '').toBe('')
      const log = readFileSync(join(folder, `run${index}.log`), 'utf8')
      const losses = [...log.matchAll(/\bloss:? (\d[\d.e-]*)/g)].map(([, value]) => Number(value))
      expect(log).toMatch(/test loss \d+\.\d+, accuracy \d\.\d+/)
      if (title.startsWith('early')) return
      expect(losses.length).toBeGreaterThan(5)
      expect(losses[5]).toBeLessThan((losses[0] ?? 0) * 0.95)
      expect(Number(/test .*accuracy (\S+)/.exec(log)?.[1])).toBeGreaterThan(0.5)
    },
  )

  it.skipIf(python === null).each(aids.map(({ title }) => title).filter((title) => !title.startsWith('early')))(
    'takes the rates of our schedule with %s',
    (title) => {
      const { config, trace } = traceOf(title)
      const stepsPerEpoch = Math.ceil((400 * (1 - config.validation_split)) / config.batch_size)
      const total = stepsPerEpoch * config.epochs
      expect(trace.rates).toHaveLength(total)
      for (const [step, rate] of trace.rates.entries()) {
        const reductions = reductionsBy(config, Math.floor(step / stepsPerEpoch))
        const expected = learningRateAt(config, step, stepsPerEpoch, total, reductions)
        // Keras computes a rate in float32, from cosines.
        const allowed = 2e-5 * expected + 1e-7 * config.learning_rate
        expect(Math.abs(rate - expected), `step ${step}: ${rate}, ours ${expected}`).toBeLessThan(allowed)
      }
    },
  )

  it.skipIf(python === null)('clips the gradients before the step', () => {
    const { config, trace } = traceOf('clipping')
    const bound = config.clip_norm ?? NaN
    expect(Math.max(...trace.norms)).toBeLessThan(bound * 1.0001)
    expect(trace.norms.filter((norm) => norm > bound * 0.999).length).toBeGreaterThan(10)
    expect(Math.max(...traceOf('warm-up').trace.norms)).toBeGreaterThan(bound)
  })

  it.skipIf(python === null).each(['balanced classes', 'own class weights'])('weighs the loss with %s', (title) => {
    const { config, trace } = traceOf(title)
    const labels = Uint8Array.from(probe.labels)
    const weights = resolveClassWeights(config.class_weights, { labels }, Int32Array.from(labels.keys()), 10)
    const expected = lossOf(config.loss, Float32Array.from(probe.logits.flat()), labels, 10, weights).loss
    expect(trace.loss).toBeCloseTo(expected, 5)
  })

  it.skipIf(python === null)('stops early', () => {
    const steps = (title: string) => traceOf(title).trace.rates.length
    // The first epoch is the best; then two, or one, that are not better by so much.
    expect(steps('early stopping')).toBe(3 * 18)
    expect(steps('early stopping by accuracy')).toBe(2 * 20)
  })
})

/** How often a plateau whose first epoch stays the best has reduced the rate before the epoch (from 0). */
function reductionsBy({ schedule }: RunConfig, epoch: number): number {
  return schedule.type === 'plateau' ? Math.floor(Math.max(0, epoch - 1) / (schedule.patience + 1)) : 0
}

/** IDX files of pictures whose class is the place of a bright pixel. */
function writeData(to: string): void {
  for (const [prefix, count] of [
    ['train', 400],
    ['t10k', 100],
  ] as const) {
    const random = createRandom('idx', prefix)
    const labels = Uint8Array.from({ length: count }, (_, index) => index % 10)
    const images = Uint8Array.from({ length: count * 64 }, (_, index) =>
      (index % 64) >> 1 === 3 * (labels[index >> 6] ?? 0) ? 255 : random.uint32() & 63,
    )
    writeFileSync(join(to, `${prefix}-images-idx3-ubyte`), idx([count, 8, 8], images))
    writeFileSync(join(to, `${prefix}-labels-idx1-ubyte`), idx([count], labels))
  }
}

function idx(sizes: readonly number[], values: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(4 + 4 * sizes.length + values.length)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, 0x0800 + sizes.length)
  sizes.forEach((size, axis) => view.setUint32(4 + 4 * axis, size))
  bytes.set(values, 4 + 4 * sizes.length)
  return bytes
}
