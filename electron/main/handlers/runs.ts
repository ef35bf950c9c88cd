import { writeFile } from 'node:fs/promises'
import { AppError } from '../../../shared/errors'
import type { Handlers } from '../ipc/serve'
import { checkpointKernels, exportWeights } from '../runs/checkpoint'
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
  | 'runs.export'

export interface RunHandlersOptions {
  readonly recorder: RunRecorder
  readonly service: RunService
  /** Asks for a file to save to; null when the person changed their mind. */
  readonly askForFile: (suggestion: string) => Promise<string | null>
}

export function runsHandlers(options: RunHandlersOptions): Pick<Handlers, RunCalls> {
  const { recorder, service, askForFile } = options
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
    async 'runs.export'({ id }) {
      const { name, document } = recorder.get(id)
      const checkpoint = recorder.checkpoint(id)
      if (checkpoint === null) {
        throw new AppError('not-found', `The run "${name}" has no weights yet.`, {
          fix: 'They are kept at the end of each epoch.',
          params: { name },
        })
      }
      const target = await askForFile(`${fileName(name)}.safetensors`)
      if (target !== null) await writeFile(target, exportWeights(checkpoint, document))
      return target
    },
  }
}

/** A run's name as a file name: no separators, no characters that Windows refuses. */
function fileName(name: string): string {
  return name.replaceAll(/[<>:"/\\|?*\p{Cc}]/gu, '-').trim() || 'weights'
}
