import type { MessagePortMain } from 'electron'
import { existsSync } from 'node:fs'
import { AppError, toWire } from '../../../shared/errors'
import type { DatasetId } from '../../../shared/data/dataset'
import type { InspectAnswer, InspectProgress } from '../../../shared/inspect/answers'
import type { WeightsOrigin } from '../../../shared/inspect/messages'
import type { InspectQuery } from '../../../shared/inspect/queries'
import type { InspectSource, Moments, StoredMoment } from '../../../shared/inspect/source'
import { isActive, type RunState } from '../../../shared/training/state'
import type { RunRecorder } from '../runs/run-recorder'
import type { RunService } from '../runs/run-service'
import type { InspectorLink, LaunchInspector } from './inspector-process'
import { keepLiveWeights, type LiveWeightsKeeper } from './live-weights'
import { momentOfFile, momentOrigin, newestStored, storedMoments } from './moments'
import { createRestraint } from './restraint'

export interface InspectRequest {
  readonly request: string
  readonly source: InspectSource
  readonly query: InspectQuery
}

/** Answers questions about the networks of runs, in processes that come and go as they are needed. */
export interface InspectService {
  /** Throws `not-found`. */
  moments(run: string): Promise<Moments>
  /** Rejects with `not-found`, `cancelled`, `inspector-crashed` and what the inspector says. */
  ask(asked: InspectRequest): Promise<InspectAnswer>
  cancel(request: string): void
  /** Ends what looks into a run that is gone. */
  forget(run: string): void
  endAll(): void
}

export interface InspectServiceOptions {
  readonly recorder: Pick<RunRecorder, 'get' | 'folder' | 'checkpoint'>
  readonly service: Pick<RunService, 'isAtWork' | 'isTraining' | 'connect' | 'kernels' | 'weights'>
  readonly launch: LaunchInspector
  /** Two ends of a way from one process to another. */
  readonly openChannel: () => readonly [MessagePortMain, MessagePortMain]
  /** Folder of a data set's files; throws `data-missing`. */
  readonly dataFolder: (id: DatasetId) => string
  readonly onProgress: (progress: InspectProgress) => void
}

/** Two runs can be compared. Each process holds an engine and weights. */
const keptInspectors = 2
const idleMs = 60_000

interface Inspector {
  readonly link: InspectorLink
  readonly live: LiveWeightsKeeper
  asking: number
  idle: NodeJS.Timeout | null
}

export function createInspectService(options: InspectServiceOptions): InspectService {
  const { recorder, service, launch, openChannel, dataFolder, onProgress } = options
  const inspectors = new Map<string, Inspector>()
  const restraint = createRestraint()
  let closed = false
  /** Questions under way, each with what ends it. */
  const open = new Map<string, { cancelled: boolean; link: InspectorLink | null }>()

  function inspectorOf(run: string): Inspector {
    const inspector = inspectors.get(run) ?? begin(run)
    // The one used last stands at the end.
    inspectors.delete(run)
    inspectors.set(run, inspector)
    return inspector
  }

  function begin(run: string): Inspector {
    makeRoom()
    const { document, config } = recorder.get(run)
    const link = launch({ type: 'look', document, config, dataFolder: folderOf(config.dataset) }, () => {
      const known = inspectors.get(run)
      if (known?.link !== link) return
      if (known.idle) clearTimeout(known.idle)
      inspectors.delete(run)
    })
    const live = keepLiveWeights({
      fetch: () => service.weights(run),
      restsAt() {
        const { state, progress } = recorder.get(run)
        return state.type === 'paused' ? (progress?.step ?? 0) : null
      },
    })
    if (service.isTraining(run)) {
      const [its, ours] = openChannel()
      service.connect(run, its)
      link.connect(ours)
    }
    return { link, live, asking: 0, idle: null }
  }

  /** Ends the ones that were used longest ago, those at rest first. */
  function makeRoom(): void {
    while (inspectors.size >= keptInspectors) {
      const all = [...inspectors.values()]
      const leaving = all.find(({ asking }) => asking === 0) ?? all[0]
      leaving?.link.end()
    }
  }

  function folderOf(id: DatasetId): string | null {
    try {
      return dataFolder(id)
    } catch {
      // Said when a question needs a picture of it.
      return null
    }
  }

  async function originOf({ run, moment }: InspectSource, inspector: Inspector): Promise<WeightsOrigin> {
    const folder = recorder.folder(run)
    if (moment.type !== 'now') return momentOrigin(folder, moment)
    const number = service.isTraining(run) ? await inspector.live.current() : null
    if (number !== null) return { type: 'live', number }
    return momentOrigin(folder, (await restingMoment(run)) ?? { type: 'epoch', epoch: 0 })
  }

  /**
   * What `now` is of a run that is not live: what it says to have ended with, else the last of its checkpoints, as of one that
   * crashed. Those may have gone meanwhile.
   */
  async function restingMoment(run: string): Promise<StoredMoment | null> {
    const { document, state } = recorder.get(run)
    const file = hasResult(state) ? recorder.checkpoint(run) : null
    return (file === null ? null : momentOfFile(file)) ?? (await newestStored(recorder.folder(run), document))
  }

  /** Kernels of a run under way come from the training itself: they are small, all its weights are not. */
  async function liveKernels({ source, query }: InspectRequest): Promise<InspectAnswer | null> {
    if (query.type !== 'kernels' || source.moment.type !== 'now' || !service.isTraining(source.run)) return null
    return service.kernels(source.run, query.layer)
  }

  async function answer(asked: InspectRequest, hasRetried = false): Promise<InspectAnswer> {
    const { request, source, query } = asked
    if (service.isAtWork() && !hasRetried) await restraint.turn()
    const kernels = await liveKernels(asked)
    if (kernels) return kernels
    const inspector = inspectorOf(source.run)
    inspector.asking += 1
    if (inspector.idle) clearTimeout(inspector.idle)
    let weights: WeightsOrigin | null = null
    try {
      weights = await originOf(source, inspector)
      const question = open.get(request)
      if (!question || question.cancelled || closed) throw new AppError('cancelled', 'The question was cancelled.')
      // It died while the training was asked for its weights: nothing is lost, another one takes its place.
      if (inspector.link.hasEnded && !hasRetried) return await answer(asked, true)
      question.link = inspector.link
      return await inspector.link.ask({ type: 'ask', request, weights, query }, onProgress)
    } catch (error) {
      // Its checkpoint was cleared away between two looks at it: it is sought again, or said to be gone.
      const isGone = weights?.type === 'file' && !existsSync(weights.file)
      if (isGone && !hasRetried && toWire(error).kind === 'not-found') return await answer(asked, true)
      throw error
    } finally {
      inspector.asking -= 1
      if (inspector.asking === 0 && !inspector.link.hasEnded) {
        inspector.idle = setTimeout(() => inspector.link.end(), idleMs)
      }
    }
  }

  return {
    async moments(run) {
      const { document, state } = recorder.get(run)
      const stored = await storedMoments(recorder.folder(run), document)
      return { stored, newest: await restingMoment(run), live: service.isTraining(run) && isActive(state) }
    },
    async ask(asked) {
      // A run that does not exist has nothing to look into.
      recorder.get(asked.source.run)
      open.set(asked.request, { cancelled: false, link: null })
      try {
        return await answer(asked)
      } finally {
        open.delete(asked.request)
      }
    },
    cancel(request) {
      const question = open.get(request)
      if (!question) return
      question.cancelled = true
      question.link?.cancel(request)
    },
    forget: (run) => inspectors.get(run)?.link.end(),
    endAll() {
      closed = true
      for (const { link } of [...inspectors.values()]) link.end()
    },
  }
}

/** Whether a run ended as it was meant to, and so with weights that it chose: the best ones, where it was told so. */
function hasResult({ type }: RunState): boolean {
  return type === 'finished' || type === 'stopped'
}
