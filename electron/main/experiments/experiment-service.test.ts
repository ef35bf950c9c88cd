import { expect, onTestFinished, test, vi } from 'vitest'
import { catalogue } from '../../../shared/data/catalogue'
import { planSchema } from '../../../shared/experiments/plan'
import type { TrainerEvent } from '../../../shared/training/messages'
import { createExperimentsRepository } from '../db/repositories/experiments'
import { openStorage } from '../db/open'
import { createRunQueue } from '../runs/queue'
import { createRunRecorder } from '../runs/run-recorder'
import { createRunService } from '../runs/run-service'
import { config, epochResult, smallNetwork, started, temporaryHome } from '../testing/fixtures'
import { createExperimentService } from './experiment-service'

const plan = planSchema.parse({
  format: 'convscope.experiment',
  version: 1,
  name: 'Rates',
  document: smallNetwork,
  config: config(),
  parameters: [
    { target: { type: 'setting', path: 'learning_rate' }, domain: { type: 'choice', values: [0.1, 0.01] } },
    { target: { type: 'layer', layer: 'conv1', param: 'out_channels' }, domain: { type: 'choice', values: [2, 4] } },
  ],
})

/** Everything but the trainers is real. */
function setUp(home = temporaryHome()) {
  const storage = openStorage(home)
  onTestFinished(() => void (storage.db.open && storage.close()))
  const changed: unknown[] = []
  const notify = (name: string, payload: unknown) => void (name === 'experiment.changed' && changed.push(payload))
  const recorder = createRunRecorder(storage, { appVersion: '1', notify, log: () => undefined })
  let say: (event: TrainerEvent) => void = () => undefined
  let end: () => void = () => undefined
  const service = createRunService({
    recorder,
    findDataset: (id) => ({ info: catalogue[id], folder: '' }),
    launch: (_start, onEvent) => {
      say = onEvent
      const send = ({ type }: { type: string }) => {
        if (type === 'stop') void finish({ type: 'stopped' })
      }
      return { ended: new Promise((resolve) => (end = resolve)), send }
    },
    onIdle: () => queue.advance(),
  })
  const queue = createRunQueue({ recorder, service, notify, log: () => undefined })
  const repository = createExperimentsRepository(storage.db)
  const experiments = createExperimentService({ repository, queue, recorder, service, notify })
  const states = (runs: readonly string[]) => runs.map((id) => recorder.get(id).state.type)
  async function finish(last: TrainerEvent): Promise<void> {
    say(last)
    end()
    await Promise.resolve()
  }
  return {
    home,
    storage,
    recorder,
    queue,
    experiments,
    changed,
    states,
    say: (event: TrainerEvent) => say(event),
    finish,
  }
}

const broken = { kind: 'not-a-number', message: 'NaN', fix: '', params: {} } as const

test('a plan becomes queued runs with their own settings and network, and is found again after a restart', () => {
  const { storage, home, experiments, recorder, states, changed } = setUp()
  const { id, trials } = experiments.start(plan)
  expect(trials.map(({ values }) => values)).toEqual([
    [0.1, 2],
    [0.1, 4],
    [0.01, 2],
    [0.01, 4],
  ])
  const runs = trials.map(({ run }) => run)
  expect(states(runs)).toEqual(['starting', 'queued', 'queued', 'queued'])
  const last = recorder.get(runs[3] ?? '')
  expect(last).toMatchObject({ experiment: id, config: { learning_rate: 0.01 } })
  expect(last.document.layers.find((layer) => layer.id === 'conv1')?.params).toMatchObject({ out_channels: 4 })
  expect(changed).toHaveLength(1)
  recorder.close()
  storage.close()
  expect(setUp(home).experiments.list()).toMatchObject([{ id, name: 'Rates', plan, trials }])
})

test('nothing begins of a plan that cannot be trained in part, unless that part is left out', () => {
  const { experiments, recorder } = setUp()
  const kernel = {
    target: { type: 'layer' as const, layer: 'conv1', param: 'kernel_size' },
    domain: { type: 'choice' as const, values: [3, 99] },
  }
  const mixed = { ...plan, parameters: [kernel] }
  expect(() => experiments.start(mixed)).toThrow('conv1.kernel_size 99')
  expect([experiments.list(), recorder.list()]).toEqual([[], []])
  expect(experiments.start({ ...mixed, skip_unsound: true }).trials).toHaveLength(1)
})

test('results are the best and the last of each run’s epochs', () => {
  const { experiments, say } = setUp()
  const { id, trials } = experiments.start(plan)
  say(started)
  const losses = [0.5, 0.2, 0.3]
  losses.forEach((loss, index) => {
    const result = { ...epochResult(index + 1), validation: { loss, accuracy: 1 - loss } }
    say({ type: 'epoch', result, checkpoint: `epoch-${index + 1}` })
  })
  expect(experiments.results(id)).toEqual([
    { run: trials[0]?.run, epochs: 3, bestLoss: 0.2, bestAccuracy: 0.8, lastLoss: 0.3, lastAccuracy: 0.7 },
  ])
})

test('stopping takes out what waits and stops what trains', async () => {
  const { experiments, queue, states } = setUp()
  const { id, trials } = experiments.start(plan)
  experiments.stop(id)
  await vi.waitFor(() => expect(states([trials[0]?.run ?? ''])).toEqual(['stopped']))
  expect(queue.state().order).toEqual([])
})

test('failed runs are run again in their place', async () => {
  const { experiments, finish, recorder, states } = setUp()
  const { id, trials } = experiments.start(plan)
  const first = trials[0]?.run ?? ''
  await finish({ type: 'failed', error: broken })
  await vi.waitFor(() => expect(states([trials[1]?.run ?? ''])).toEqual(['starting']))
  expect(experiments.count(id)).toEqual({ name: 'Rates', open: 3, ended: 1, failed: 1 })
  const again = experiments.retry(id)
  const replaced = again.trials[0]?.run ?? ''
  expect(replaced).not.toBe(first)
  expect(again.trials.slice(1)).toEqual(trials.slice(1))
  expect(recorder.get(replaced)).toMatchObject({ state: { type: 'queued' }, name: recorder.get(first).name })
})

test('a deleted experiment leaves its runs, but for those that have not begun', () => {
  const { experiments, recorder } = setUp()
  const { id, trials } = experiments.start(plan)
  experiments.delete(id)
  expect(experiments.list()).toEqual([])
  expect(recorder.list().map((run) => run.id)).toEqual([trials[0]?.run])
  expect(experiments.count(id)).toBeNull()
  expect(() => experiments.rename(id, 'x')).toThrow('no experiment')
})
