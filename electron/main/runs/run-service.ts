import type { MessagePortMain } from 'electron'
import { mkdirSync } from 'node:fs'
import { AppError, toWire } from '../../../shared/errors'
import type { DatasetInfo } from '../../../shared/data/dataset'
import type { RunSummary } from '../../../shared/ipc/contract'
import { requireSound } from '../../../shared/network/analyze'
import { requireFit } from '../../../shared/network/fit'
import { refuseIfTooLarge } from '../../../shared/network/memory'
import type { Kernels, TrainerEvent, TrainerQuestion } from '../../../shared/training/messages'
import { continuation } from './continuation'
import { givenWeights, keepGivenWeights, type GivenWeights } from './given-weights'
import { memoryForTraining } from './machine-memory'
import type { NewRunRequest, RunRecorder } from './run-recorder'
import type { LaunchTrainer, StartCommand, TrainerLink } from './trainer-link'

/** How long the window waits for a trainer to answer a question. */
const inspectTimeoutMs = 5000

/** Weights that went from a training to who looks into it. */
export interface HandedOver {
  /** Under which they were sent. */
  readonly number: number
  /** The last step before them. */
  readonly step: number
  /** What that took of the training's time. */
  readonly milliseconds: number
}

export interface RunService {
  /**
   * Begins to train. Throws `invalid-network`, `data-missing`, `out-of-memory` where it is foreseen, or `busy` while another
   * run trains: two would only share the same processor.
   */
  start(request: NewRunRequest & GivenWeights, from?: StartFrom): RunSummary
  /** Begins to train a run that waited. Throws as `start`; the run has then failed, unless another one trains. */
  startQueued(id: string): void
  /** Throws `invalid-network` or `data-missing` where the run could never begin. */
  check(request: Pick<NewRunRequest, 'document' | 'config'>): void
  /** Whether a run trains or pauses, so that no other can begin. */
  isBusy(): boolean
  /** Goes on with a run that has ended, to its end or to `epochs` in all. Throws as `start` and `continuation`. */
  continue(id: string, epochs?: number): RunSummary
  /** Throws `not-found` where the run does not train here. */
  send(id: string, command: 'pause' | 'resume' | 'stop'): void
  /** Whether any run trains now: a paused one does not. */
  isAtWork(): boolean
  /** Whether the run trains, or pauses, in a process of ours. */
  isTraining(id: string): boolean
  /** A convolution's kernels now; null where the run does not train here, or its trainer gives no answer. */
  kernels(id: string, layer: string): Promise<Kernels | null>
  /** Opens a way by which the run's weights go to who looks into it; nothing happens where it does not train here. */
  connect(id: string, port: MessagePortMain): void
  /** Has all weights of now sent that way; null as for `kernels`. */
  weights(id: string): Promise<HandedOver | null>
  /** Stops every trainer, within its deadline, and keeps what was learned. */
  stopAll(): Promise<void>
}

/** What a run begins with in place of random weights; paths of safetensors files. */
export interface StartFrom {
  readonly weights: string
  readonly optimizer: string | null
}

export interface RunServiceOptions {
  readonly recorder: RunRecorder
  readonly launch: LaunchTrainer
  /** Throws `data-missing`. */
  readonly findDataset: (id: DatasetInfo['id']) => { readonly info: DatasetInfo; readonly folder: string }
  /** Whether learning rates are being tested, which takes the processor as a run does. */
  readonly isTestingRates?: () => boolean
  /** Told when a run's process has gone and nothing trains any more. */
  readonly onIdle: () => void
}

type Answer = Extract<TrainerEvent, { type: 'inspected' | 'weights' }>

interface Trainer {
  readonly link: TrainerLink
  readonly answers: Map<number, (answer: Answer | null) => void>
}

export function createRunService(options: RunServiceOptions): RunService {
  const { recorder } = options
  const trainers = new Map<string, Trainer>()
  let requests = 0

  function take(id: string, event: TrainerEvent): void {
    recorder.record(id, event)
    if (event.type === 'inspected' || event.type === 'weights') answer(trainers.get(id), event.request, event)
  }

  function answer(trainer: Trainer | undefined, request: number, given: Answer | null): void {
    trainer?.answers.get(request)?.(given)
    trainer?.answers.delete(request)
  }

  function ask(id: string, what: TrainerQuestion): Promise<Answer | null> {
    const trainer = trainers.get(id)
    if (!trainer || recorder.get(id).state.type === 'starting') return Promise.resolve(null)
    const request = (requests += 1)
    return new Promise((resolve) => {
      const timer = setTimeout(() => answer(trainer, request, null), inspectTimeoutMs)
      trainer.answers.set(request, (given) => {
        clearTimeout(timer)
        resolve(given)
      })
      trainer.link.send({ type: 'inspect', request, what })
    })
  }

  function forget(id: string): void {
    for (const give of trainers.get(id)?.answers.values() ?? []) give(null)
    trainers.delete(id)
    if (trainers.size === 0) options.onIdle()
  }

  function check({ document, config }: Pick<NewRunRequest, 'document' | 'config'>) {
    const { info, folder } = options.findDataset(config.dataset)
    const network = requireSound(document)
    requireFit(network, { title: info.title, shape: info.shape, classes: info.classes.length })
    return { network, folder }
  }

  function isBusy(): boolean {
    return trainers.size > 0 || (options.isTestingRates?.() ?? false)
  }

  function requireIdle(): void {
    if (isBusy()) {
      const what = trainers.size > 0 ? 'Another run is still training.' : 'Learning rates are being tested.'
      throw new AppError('busy', what, { fix: 'Stop it, or wait until it has finished.' })
    }
  }

  function requireRoom(request: Pick<NewRunRequest, 'document' | 'config'>): string {
    const { network, folder } = check(request)
    refuseIfTooLarge(network, request.config, memoryForTraining())
    return folder
  }

  function launch(
    id: string,
    { document, config }: NewRunRequest,
    how: {
      readonly dataFolder: string
      readonly resume: StartCommand['resume']
      readonly from?: StartFrom | undefined
    },
  ): void {
    mkdirSync(recorder.folder(id), { recursive: true })
    const link = options.launch(
      {
        type: 'start',
        document,
        config,
        dataFolders: { [config.dataset]: how.dataFolder },
        runFolder: recorder.folder(id),
        initialWeights: how.from?.weights ?? givenWeights(recorder.folder(id)),
        initialOptimizer: how.from?.optimizer ?? null,
        resume: how.resume,
      },
      (event) => take(id, event),
    )
    trainers.set(id, { link, answers: new Map() })
    void link.ended.then(() => forget(id))
  }

  /** What keeps a recorded run from beginning is its failure. */
  function orFail(id: string, begin: () => void): void {
    try {
      begin()
    } catch (error) {
      recorder.record(id, { type: 'failed', error: toWire(error) })
      throw error
    }
  }

  return {
    start(request, from) {
      requireIdle()
      const dataFolder = requireRoom(request)
      const { weights, ...run } = request
      const summary = recorder.create(run)
      orFail(summary.id, () => {
        keepGivenWeights(recorder.folder(summary.id), weights)
        launch(summary.id, run, { dataFolder, resume: null, from })
      })
      return summary
    },
    continue(id, epochs) {
      const run = recorder.get(id)
      const { config, resume } = continuation(run, recorder.folder(id), epochs)
      const request = { document: run.document, config }
      requireIdle()
      const dataFolder = requireRoom(request)
      const summary = recorder.relaunch(id, config)
      orFail(id, () => launch(id, request, { dataFolder, resume }))
      return summary
    },
    startQueued(id) {
      requireIdle()
      const request = recorder.launch(id)
      orFail(id, () => launch(id, request, { dataFolder: requireRoom(request), resume: null }))
    },
    check: (request) => void check(request),
    isBusy,
    send(id, command) {
      const trainer = trainers.get(id)
      if (!trainer) throw notTraining(id)
      trainer.link.send({ type: command })
    },
    isAtWork: () => [...trainers.keys()].some((id) => recorder.get(id).state.type !== 'paused'),
    isTraining: (id) => trainers.has(id),
    async kernels(id, layer) {
      const given = await ask(id, { type: 'kernels', layer })
      return given?.type === 'inspected' ? given.kernels : null
    },
    connect: (id, port) => trainers.get(id)?.link.send({ type: 'connect' }, [port]),
    async weights(id) {
      const given = await ask(id, { type: 'weights' })
      if (given?.type !== 'weights') return null
      const { request, step, milliseconds } = given
      return { number: request, step, milliseconds }
    },
    async stopAll() {
      const links = [...trainers.values()].map(({ link }) => link)
      for (const link of links) link.send({ type: 'stop' })
      await Promise.all(links.map((link) => link.ended))
    },
  }
}

function notTraining(id: string): AppError {
  return new AppError('not-found', 'This run is not training.', { params: { id } })
}
