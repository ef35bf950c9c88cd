import type { Handlers } from '../ipc/serve'
import { checkpointKernels } from '../runs/checkpoint'
import { forkRun } from '../runs/fork'
import type { RunRecorder } from '../runs/run-recorder'
import type { RunService } from '../runs/run-service'

type RunCalls =
  | 'runs.list'
  | 'runs.get'
  | 'runs.steps'
  | 'runs.kernels'
  | 'runs.start'
  | 'runs.pause'
  | 'runs.resume'
  | 'runs.stop'
  | 'runs.continue'
  | 'runs.fork'
  | 'runs.rename'

export interface RunHandlersOptions {
  readonly recorder: RunRecorder
  readonly service: RunService
}

export function runsHandlers({ recorder, service }: RunHandlersOptions): Pick<Handlers, RunCalls> {
  return {
    'runs.list': () => recorder.list(),
    'runs.get': ({ id }) => recorder.get(id),
    'runs.steps': ({ id }) => recorder.steps(id),
    async 'runs.kernels'({ id, layer }) {
      const live = await service.kernels(id, layer)
      if (live) return live
      const checkpoint = recorder.checkpoint(id)
      return checkpoint === null ? null : checkpointKernels(checkpoint, layer)
    },
    'runs.start': (request) => service.start(request),
    'runs.pause': ({ id }) => void service.send(id, 'pause'),
    'runs.resume': ({ id }) => void service.send(id, 'resume'),
    'runs.stop': ({ id }) => void service.send(id, 'stop'),
    'runs.continue': ({ id, epochs }) => service.continue(id, epochs),
    'runs.fork': ({ id, ...rest }) => forkRun({ recorder, service }, id, rest),
    'runs.rename': ({ id, name }) => recorder.rename(id, name),
  }
}
