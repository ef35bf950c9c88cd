import { randomUUID } from 'node:crypto'
import { AppError } from '../../../shared/errors'
import { expandPlan, type PlannedRun } from '../../../shared/experiments/expand'
import type { Plan } from '../../../shared/experiments/plan'
import { requireRuns } from '../../../shared/experiments/unsound'
import type { Experiment, Trial, TrialResult } from '../../../shared/ipc/experiment-calls'
import { isActive } from '../../../shared/training/state'
import type { ExperimentsRepository } from '../db/repositories/experiments'
import type { RunQueue } from '../runs/queue'
import type { NewRunRequest, Notify, RunRecorder } from '../runs/run-recorder'
import type { RunService } from '../runs/run-service'
import type { ExperimentCount } from '../window/end-notices'

/** Experiments: many runs from one plan, trained by the queue. What became of each run is told by the run itself. */
export interface ExperimentService {
  list(): Experiment[]
  /** Throws `invalid-network` naming combinations that cannot be trained, unless the plan leaves them out. */
  start(plan: Plan): Experiment
  results(id: string): TrialResult[]
  rename(id: string, name: string): Experiment
  /** How far it is; null where there is none. */
  count(id: string): ExperimentCount | null
  stop(id: string): void
  retry(id: string): Experiment
  delete(id: string): void
}

export interface ExperimentServiceOptions {
  readonly repository: ExperimentsRepository
  readonly queue: Pick<RunQueue, 'add' | 'remove'>
  readonly recorder: Pick<RunRecorder, 'list' | 'get'>
  readonly service: Pick<RunService, 'send' | 'isTraining'>
  readonly notify: Notify
  readonly now?: () => number
}

export function createExperimentService(options: ExperimentServiceOptions): ExperimentService {
  const { repository, queue, recorder, service, notify, now = Date.now } = options

  /** Throws `not-found`. */
  function require(id: string): Experiment {
    const found = repository.get(id)
    if (!found) throw new AppError('not-found', `There is no experiment ${id}.`, { params: { id } })
    return found
  }

  function tell(id: string): Experiment {
    const experiment = require(id)
    notify('experiment.changed', experiment)
    return experiment
  }

  function runsOf(id: string) {
    return recorder.list().filter(({ experiment }) => experiment === id)
  }

  return {
    list: () => repository.list(),
    start(plan) {
      const { runs } = requireRuns(plan, expandPlan(plan))
      const id = randomUUID()
      // First, as its runs point to it.
      repository.insert({ id, name: plan.name, plan, trials: [], createdAt: now() })
      try {
        const added = queue.add(runs.map((run) => requestOf(run, id)))
        repository.setTrials(
          id,
          runs.map((run, index) => trialOf(run, added[index]?.id ?? '')),
        )
      } catch (error) {
        repository.delete(id)
        throw error
      }
      return tell(id)
    },
    results(id) {
      require(id)
      return repository.results(id)
    },
    rename(id, name) {
      require(id)
      repository.rename(id, name)
      return tell(id)
    },
    count(id) {
      const experiment = repository.get(id)
      if (!experiment) return null
      const own = new Set(experiment.trials.map(({ run }) => run))
      const states = recorder.list().flatMap(({ id: run, state }) => (own.has(run) ? [state] : []))
      const open = states.filter((state) => state.type === 'queued' || isActive(state)).length
      const failed = states.filter(({ type }) => type === 'failed').length
      return { name: experiment.name, open, ended: states.length - open, failed }
    },
    stop(id) {
      const runs = runsOf(id)
      queue.remove(runs.map((run) => run.id))
      for (const run of runs) if (service.isTraining(run.id)) service.send(run.id, 'stop')
      tell(id)
    },
    retry(id) {
      const { trials } = require(id)
      const failed = new Set(runsOf(id).flatMap(({ id: run, state }) => (state.type === 'failed' ? [run] : [])))
      const again = trials.filter(({ run }) => failed.has(run))
      const requests = again.map(({ run }): NewRunRequest => {
        const { document, config, name } = recorder.get(run)
        return { document, config, name, experiment: id }
      })
      const added = queue.add(requests)
      const newRuns = new Map(again.map(({ run }, index) => [run, added[index]?.id ?? run]))
      // The failed runs stay among all runs; the experiment shows what came in their place.
      repository.setTrials(
        id,
        trials.map((trial) => ({ ...trial, run: newRuns.get(trial.run) ?? trial.run })),
      )
      return tell(id)
    },
    delete(id) {
      require(id)
      queue.remove(runsOf(id).map((run) => run.id))
      repository.delete(id)
    },
  }
}

function requestOf({ name, document, config }: PlannedRun, experiment: string): NewRunRequest {
  return { name, document, config, experiment }
}

function trialOf({ combination, values, seed }: PlannedRun, run: string): Trial {
  return { run, combination, values, seed }
}
