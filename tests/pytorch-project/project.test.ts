import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { tinyConfig } from '../../electron/trainer/testing/tiny'
import { chooseEngine } from '../../electron/trainer/engine-choice'
import { requireSound } from '../../shared/network/analyze'
import type { NetworkDocument } from '../../shared/network/document'
import { optimizerTypes, runConfigSchema, type RunConfig } from '../../shared/training/config'
import { python, reason } from '../codegen/python'
import {
  dataset,
  exportProject,
  largestDifference,
  network,
  readState,
  runProjects,
  torchrun,
  trainRun,
  writeIdx,
} from './projects'

interface Case {
  readonly document: NetworkDocument
  readonly config: RunConfig
}

const schedules = [
  { type: 'constant' },
  { type: 'step', step_size: 2 },
  { type: 'cosine', min_rate: 1e-5 },
  { type: 'one-cycle' },
] as const
const losses = [{ type: 'cross-entropy' }, { type: 'mse' }, { type: 'cross-entropy', label_smoothing: 0.1 }] as const

function configOf(changes: object): RunConfig {
  return runConfigSchema.parse({ ...tinyConfig(), engine: 'auto', epochs: 3, ...changes })
}

/** Every optimizer, schedule and loss occurs. */
const continued: readonly (readonly [string, Case])[] = optimizerTypes.map((type, index) => [
  type,
  {
    document: network({ norm: index % 2 === 0 }),
    config: configOf({
      optimizer: { type, weight_decay: index < 3 ? 0.001 : 0.01 },
      schedule: schedules[index % schedules.length],
      loss: losses[index % losses.length],
      learning_rate: type === 'sgd' || type === 'momentum' || type === 'nesterov' ? 0.05 : 0.005,
      warmup_steps: index === 1 ? 12 : 0,
      shuffle: index !== 5,
    }),
  },
])

const adam = Object.fromEntries(continued)['adam'] ?? { document: network({ norm: true }), config: configOf({}) }

/** A last batch of one picture, so that a second process has none; masks and statistics have to be shared. */
const uneven = { batch_size: 13, validation_split: 0.2, optimizer: { type: 'adam' }, learning_rate: 0.005 }
const shared: readonly (readonly [string, Case])[] = [
  ['BatchNorm and dropout', { document: network({ norm: true, dropout: true }), config: configOf(uneven) }],
  ['neither', { document: network({ norm: false }), config: configOf({ ...uneven, optimizer: { type: 'nesterov' } }) }],
]

describe(`PyTorch project${reason}`, () => {
  let folder = ''
  const at = (...parts: string[]) => join(folder, ...parts)

  async function prepare([name, one]: readonly [string, Case]): Promise<void> {
    await trainRun(at('runs', name), one.document, one.config)
    await exportProject(at(name), at('runs', name, 'epoch-0002'), one)
  }

  beforeAll(async () => {
    if (python === null) return
    folder = mkdtempSync(join(tmpdir(), 'convscope-project-'))
    mkdirSync(at('pictures'))
    writeIdx(at('pictures'))
    for (const one of [...continued, ...shared]) await prepare(one)
    await exportProject(at('from-start'), at('runs', 'adam', 'epoch-0000'), adam)
    const data = ['--data', at('pictures'), '--device', 'cpu'] as const
    runProjects([
      ...continued.map(([name]) => [at(name), ...data, '--steps', '5'] as const),
      ...shared.map(([name]) => [at(name), ...data] as const),
      [at('from-start'), ...data],
      ...[3, 1].map((steps) => {
        const to = at('in-parts')
        return [at(shared[0]?.[0] ?? ''), ...data, '--steps', String(steps), '--output', to] as const
      }),
    ])
    for (const [name] of shared) {
      cpSync(at(name), at('together', name), { recursive: true })
      torchrun(at('together', name), 2, [...data, '--checkpoint', at(name, 'checkpoint'), '--output', at('two', name)])
    }
  }, 600_000)

  afterAll(() => {
    if (folder) rmSync(folder, { recursive: true, force: true })
  })

  const test = it.skipIf(python === null)

  test.each(continued.map(([name]) => name))('goes on as we would: %s', (name) => {
    const before = readState(at('runs', name, 'epoch-0002'))
    const ours = readState(at('runs', name, 'epoch-0003'))
    const theirs = readState(at(name, 'continued'))
    expect(largestDifference(before.weights, ours.weights)).toBeGreaterThan(1e-3)
    expect(largestDifference(theirs.weights, ours.weights)).toBeLessThan(1e-4)
    expect(largestDifference(theirs.optimizer, ours.optimizer)).toBeLessThan(1e-4)
    const state = JSON.parse(readFileSync(at(name, 'continued', 'state.json'), 'utf8')) as unknown
    expect(state).toMatchObject({ epoch: 3, step: 15, step_in_epoch: 0 })
  })

  test('begins as we would, from the weights that the run began with', () => {
    const ours = readState(at('runs', 'adam', 'epoch-0003'))
    const theirs = readState(at('from-start', 'continued'))
    expect(readdirSync(at('from-start', 'checkpoint')).sort()).toEqual(['state.json', 'weights.safetensors'])
    expect(largestDifference(theirs.weights, ours.weights)).toBeLessThan(1e-4)
    expect(largestDifference(theirs.optimizer, ours.optimizer)).toBeLessThan(1e-4)
  })

  test.each(shared.map(([name]) => name))('two processes equal one, with %s', (name) => {
    const one = readState(at(name, 'continued'))
    const two = readState(at('two', name))
    expect(largestDifference(one.weights, readState(at(name, 'checkpoint')).weights)).toBeGreaterThan(1e-3)
    expect(largestDifference(two.weights, one.weights)).toBeLessThan(1e-5)
    expect(largestDifference(two.optimizer, one.optimizer)).toBeLessThan(1e-5)
  })

  test('goes on from the state that it saves, and so do we', async () => {
    const [name, { document, config }] = shared[0] ?? ['', { document: network({ norm: true }), config: configOf({}) }]
    const whole = readState(at(name, 'continued'))
    const inParts = readState(at('in-parts'))
    expect(largestDifference(inParts.weights, whole.weights)).toBeLessThan(1e-6)
    expect(largestDifference(inParts.optimizer, whole.optimizer)).toBeLessThan(1e-6)
    const engine = await chooseEngine('auto')
    const { loss, optimizer } = config
    const compiled = await engine.compile({ network: requireSound(document), loss, optimizer, data: dataset.train })
    compiled.setWeights(whole.weights)
    compiled.setOptimizerState(whole.optimizer)
    expect(largestDifference(compiled.getOptimizerState(), whole.optimizer)).toBe(0)
    compiled.dispose()
  })
})
