import { expandPlan } from '../../shared/experiments/expand'
import { planSchema } from '../../shared/experiments/plan'
import type { RunSummary } from '../../shared/ipc/contract'
import type { Experiment, TrialResult } from '../../shared/ipc/experiment-calls'
import { runConfigSchema } from '../../shared/training/config'
import { createRandom } from '../../shared/training/random'
import { referenceNetwork, sampleRun } from './samples'

/** A sweep that is mostly done: rate, optimizer and width, each with some seeds. */
export function sampleExperiment(seeds: readonly number[] = [1]): {
  experiment: Experiment
  runs: RunSummary[]
  results: TrialResult[]
} {
  const plan = planSchema.parse({
    format: 'convscope.experiment',
    version: 1,
    name: 'Rate, optimizer and width',
    document: referenceNetwork(),
    config: runConfigSchema.parse({}),
    parameters: [
      {
        target: { type: 'setting', path: 'learning_rate' },
        domain: { type: 'choice', values: [0.0001, 0.001, 0.01] },
      },
      { target: { type: 'setting', path: 'optimizer.type' }, domain: { type: 'choice', values: ['adam', 'nesterov'] } },
      { target: { type: 'layer', layer: 'conv1', param: 'out_channels' }, domain: { type: 'choice', values: [8, 25] } },
    ],
    seeds,
  })
  const id = crypto.randomUUID()
  const planned = expandPlan(plan).runs
  const random = createRandom('sample-experiment')
  const runs = planned.map(({ name, config }, index): RunSummary => {
    const loss = 0.04 + 0.15 * random.uniform() + Math.abs(Math.log10(config.learning_rate) + 3) * 0.1
    const left = planned.length - index
    const error = { kind: 'not-a-number', message: 'The loss of step 14 is NaN.', fix: '', params: {} } as const
    const state: RunSummary['state'] =
      left === 1
        ? { type: 'queued' }
        : left === 2
          ? { type: 'running' }
          : left === 5
            ? { type: 'failed', error }
            : { type: 'finished', test: { loss, accuracy: 1 - loss / 4 } }
    const ended = state.type === 'finished' || state.type === 'failed'
    const createdAt = Date.now() - left * 90_000
    return sampleRun({ name, config, state, experiment: id, createdAt, endedAt: ended ? createdAt + 84_000 : null })
  })
  const results = runs.flatMap(({ id: run, state }): TrialResult[] => {
    if (state.type !== 'finished') return []
    const { loss, accuracy } = state.test
    return [
      {
        run,
        epochs: 3,
        bestLoss: loss * 1.02,
        bestAccuracy: accuracy - 0.002,
        lastLoss: loss * 1.05,
        lastAccuracy: accuracy - 0.003,
      },
    ]
  })
  const trials = planned.map(({ combination, values, seed }, index) => ({
    run: runs[index]?.id ?? '',
    combination,
    values,
    seed,
  }))
  return { experiment: { id, name: plan.name, plan, trials, createdAt: Date.now() }, runs, results }
}
