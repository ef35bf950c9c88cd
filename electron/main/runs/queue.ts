import { AppError, toWire } from '../../../shared/errors'
import type { RunSummary } from '../../../shared/ipc/contract'
import type { QueueState } from '../../../shared/ipc/queue-calls'
import type { RunConfig } from '../../../shared/training/config'
import { keepGivenWeights, type GivenWeights } from './given-weights'
import type { NewRunRequest, Notify, RunRecorder } from './run-recorder'
import type { RunService } from './run-service'

/**
 * Trains the runs that wait, one after another, however the one before ended. After a start of the app it waits for the
 * person: what they began yesterday should not heat the computer unasked, and a run that takes the app down must not do so
 * at every start.
 */
export interface RunQueue {
  state(): QueueState
  /** Puts runs behind the others; throws as `RunService.check`, and then none is added. */
  add(requests: readonly (NewRunRequest & GivenWeights)[]): RunSummary[]
  /** `to` counts from 0; runs that do not wait stay where they are. */
  move(id: string, to: number): QueueState
  /** Other settings for a run that waits. Throws `not-found`, `busy` where they are settled, and as `RunService.check`. */
  configure(id: string, config: RunConfig): RunSummary
  /** Deletes runs that have not begun; others are left alone. */
  remove(ids: readonly string[]): QueueState
  pause(): QueueState
  resume(): QueueState
  /** Begins the next run where none trains; to be called whenever one has ended. */
  advance(): void
  /** The app ends: nothing begins any more. */
  close(): void
}

export interface RunQueueOptions {
  readonly recorder: Pick<RunRecorder, 'enqueue' | 'folder' | 'get' | 'queued' | 'arrange' | 'configure' | 'delete'>
  readonly service: Pick<RunService, 'startQueued' | 'check' | 'isBusy'>
  readonly notify: Notify
  readonly log: (message: string) => void
}

export function createRunQueue({ recorder, service, notify, log }: RunQueueOptions): RunQueue {
  let held: QueueState['held'] = recorder.queued().length > 0 ? 'restart' : null
  let closed = false

  function state(): QueueState {
    return { order: recorder.queued(), held }
  }

  function tell(): QueueState {
    // Nothing is left to hold back, so that the next run that is added begins.
    if (recorder.queued().length === 0) held = null
    const now = state()
    notify('queue.changed', now)
    return now
  }

  function advance(): void {
    if (closed) return
    for (const id of held === null ? recorder.queued() : []) {
      if (service.isBusy()) break
      begin(id)
    }
    tell()
  }

  /** A run that cannot begin has failed, which its row tells; the next one gets its turn. */
  function begin(id: string): void {
    try {
      service.startQueued(id)
    } catch (error) {
      log(`the queued run ${id} could not begin: ${toWire(error).message}`)
    }
  }

  return {
    state,
    add(requests) {
      for (const request of requests) service.check(request)
      const added = recorder.enqueue(requests)
      for (const [index, { id }] of added.entries()) keepGivenWeights(recorder.folder(id), requests[index]?.weights)
      advance()
      return added
    },
    move(id, to) {
      const order = recorder.queued()
      const others = order.filter((other) => other !== id)
      if (others.length < order.length) recorder.arrange([...others.slice(0, to), id, ...others.slice(to)])
      return tell()
    },
    configure(id, config) {
      const { name, document, experiment } = recorder.get(id)
      if (!recorder.queued().includes(id)) {
        throw new AppError('busy', `The run "${name}" has begun already.`, { fix: 'Fork it instead.', params: { id } })
      }
      if (experiment !== null) {
        throw new AppError('busy', `The settings of the run "${name}" are those of its experiment.`, { params: { id } })
      }
      service.check({ document, config })
      return recorder.configure(id, config)
    },
    remove(ids) {
      const waiting = new Set(recorder.queued())
      for (const id of ids) if (waiting.has(id)) recorder.delete(id)
      return tell()
    },
    pause() {
      held = 'person'
      return tell()
    },
    resume() {
      held = null
      advance()
      return state()
    },
    advance,
    close() {
      closed = true
    },
  }
}
