import type { experimentCalls } from '../../../shared/ipc/experiment-calls'
import type { ExperimentService } from '../experiments/experiment-service'
import type { Handlers } from '../ipc/serve'

export function experimentsHandlers(experiments: ExperimentService): Pick<Handlers, keyof typeof experimentCalls> {
  return {
    'experiments.list': () => experiments.list(),
    'experiments.start': (plan) => experiments.start(plan),
    'experiments.results': ({ id }) => experiments.results(id),
    'experiments.rename': ({ id, name }) => experiments.rename(id, name),
    'experiments.stop': ({ id }) => void experiments.stop(id),
    'experiments.retry': ({ id }) => experiments.retry(id),
    'experiments.delete': ({ id }) => void experiments.delete(id),
  }
}
