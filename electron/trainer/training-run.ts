import type { LabelledImages } from '../../shared/data/dataset'
import type { SoundNetwork } from '../../shared/network/analyze'
import type { Position } from '../../shared/training/checkpoint-names'
import { epochDone, type LoopState } from '../../shared/training/loop-state'
import type { EngineWeight, Kernels, StartCommand, TrainerEvent } from '../../shared/training/messages'
import { learningRateAt } from '../../shared/training/schedule'
import type { EngineReport, EpochResult, Score } from '../../shared/training/state'
import type { RunFiles } from '../run-folder/files'
import { epochOrder, stepSeed, type RunData } from './batches'
import { restoreBest } from './best-weights'
import { createCheckpointKeeper } from './checkpoint-keeper'
import { takeDistributions } from './distributions'
import type { CompiledNetwork } from './engines/engine'
import { firstConvolution, readKernels } from './kernels'
import { createWorkClock } from './meter'
import { notANumber, requireFinite, type Whereabouts } from './numbers'
import { createReporter, type Emit, type RunPlan } from './reporter'
import { isDiskFull, waitForRoom } from './room'
import type { RunControl } from './run-control'
import type { RunStart } from './run-start'

export type HandOver = (number: number, weights: readonly EngineWeight[]) => void

export interface TrainingJob {
  readonly command: StartCommand
  readonly network: SoundNetwork
  readonly data: RunData
  /** Of the whole data set. */
  readonly fingerprint: string
  readonly engine: EngineReport
  /** With the weights and slots that it goes on from. */
  readonly compiled: CompiledNetwork
  readonly start: RunStart
  readonly emit: Emit
  readonly control: RunControl
  /** Gets all weights when they are asked for, with the number of the question. */
  readonly handOver?: HandOver
  /** As performance.now. */
  readonly milliseconds?: () => number
  /** Between two tries to write onto a full disk. */
  readonly retryMs?: number
  readonly files?: RunFiles
}

export type RunEnd = Extract<TrainerEvent, { type: 'finished' | 'stopped' }>

const heartbeatMs = 1000
/** Pictures evaluated in one go: small enough that pause and stop come through in between. */
const evaluationCount = 256

export function planRun({ command: { config }, data }: Pick<TrainingJob, 'command' | 'data'>): RunPlan {
  const trainCount = data.trainIndices.length
  const stepsPerEpoch = Math.ceil(trainCount / config.batch_size)
  return {
    epochs: config.epochs,
    stepsPerEpoch,
    totalSteps: stepsPerEpoch * config.epochs,
    trainCount,
    validationCount: data.validationIndices.length,
    testCount: data.test.count,
  }
}

/**
 * Trains from `start` to the end, obeying `control` between two steps, and emits all events but the last, which it returns.
 * A full disk pauses it until there is room. Throws `not-a-number`, `permission-denied` and what the engine throws;
 * checkpoints written before stay as they are.
 */
export async function runTraining(job: TrainingJob): Promise<RunEnd> {
  const { network, data, compiled, emit, control, start } = job
  const { config, document, runFolder } = job.command
  const milliseconds = job.milliseconds ?? (() => performance.now())
  const plan = planRun(job)
  const clock = createWorkClock(milliseconds)
  const shown = firstConvolution(network)
  const reporter = createReporter({
    plan,
    emit,
    clock,
    milliseconds,
    from: start.position,
    batchSize: config.batch_size,
    readKernels: () => (shown === null ? null : kernelsOf(shown)),
  })
  const keeper = createCheckpointKeeper({
    runFolder,
    from: start.position,
    newest: start.newest,
    base: { document, config, engine: job.engine, data: job.fingerprint },
    seconds: () => clock.now(),
    files: job.files,
  })
  const now: { position: Position; loop: LoopState } = { position: start.position, loop: start.loop }
  /** Stopped while the disk is full: what was learned since the last checkpoint cannot be kept. */
  let withoutRoom = false

  function kernelsOf(layer: string): Kernels | null {
    return readKernels(network, (name) => compiled.getWeight(name), layer)
  }

  function handOverWeights(request: number): void {
    const begun = milliseconds()
    job.handOver?.(request, compiled.takeWeights())
    emit({ type: 'weights', request, step: now.position.step, milliseconds: milliseconds() - begun })
  }

  function answerQuestions(): void {
    for (const { request, what } of control.takeQuestions()) {
      if (what.type === 'weights') handOverWeights(request)
      else emit({ type: 'inspected', request, kernels: kernelsOf(what.layer) })
    }
  }

  async function rest(): Promise<void> {
    clock.pause()
    reporter.flush()
    emit({ type: 'paused' })
    while (control.wanted === 'pause') {
      await control.changed()
      answerQuestions()
    }
    clock.resume()
    if (control.wanted === 'run') emit({ type: 'resumed' })
  }

  /** A step blocks the thread: this lets messages in, and obeys them. False when the run shall stop. */
  async function goOn(): Promise<boolean> {
    await new Promise<void>((resolve) => void setImmediate(resolve))
    answerQuestions()
    if (control.wanted === 'pause') await rest()
    return control.wanted !== 'stop'
  }

  function whereabouts(): Whereabouts {
    const { position } = now
    const epoch = position.stepInEpoch > 0 ? position.epoch + 1 : Math.max(1, position.epoch)
    return { epoch, step: position.step, checkpoint: keeper.newest }
  }

  function save(): string {
    const weights = compiled.getWeights()
    requireFinite(weights, whereabouts())
    return keeper.save({ ...now, weights, optimizer: compiled.getOptimizerState() })
  }

  /** As `save`, but waits while the disk is full; null where the run was stopped meanwhile. */
  async function saveWhenRoom(): Promise<string | null> {
    try {
      return save()
    } catch (error) {
      if (!isDiskFull(error)) throw error
      reporter.flush()
      clock.pause()
      const saved = await waitForRoom({ error, save, control, emit, answerQuestions, retryMs: job.retryMs })
      clock.resume()
      withoutRoom = saved === null
      return saved
    }
  }

  function stopped(): RunEnd {
    reporter.flush()
    return withoutRoom || keeper.saved === now.position ? { type: 'stopped' } : { type: 'stopped', checkpoint: save() }
  }

  /** Mean over `indices`; `stop` where the run shall stop before the end. */
  async function evaluate(
    images: LabelledImages,
    indices: Int32Array,
    what: 'validation-loss' | 'test-loss',
  ): Promise<Score | 'stop'> {
    const begun = clock.now()
    let loss = 0
    let weight = 0
    let correct = 0
    for (let start = 0; start < indices.length; start += evaluationCount) {
      const part = indices.subarray(start, start + evaluationCount)
      const score = compiled.evaluate(images, part)
      loss += score.loss * score.weight
      weight += score.weight
      correct += score.correct
      if (!(await goOn())) return 'stop'
    }
    loss = weight === 0 ? 0 : loss / weight
    if (!Number.isFinite(loss)) throw notANumber(what, loss, whereabouts())
    reporter.evaluationDone(clock.now() - begun, indices.length)
    return { loss, accuracy: correct / indices.length }
  }

  /** Of the step whose number from 0 is `step`. */
  function rateOf(step: number): number {
    return learningRateAt(config, step, plan.stepsPerEpoch, plan.totalSteps, now.loop.plateau.reductions)
  }

  function trainStep(order: Int32Array, epoch: number): void {
    const { position, loop } = now
    const start = position.stepInEpoch * config.batch_size
    const indices = order.subarray(start, start + config.batch_size)
    const rate = rateOf(position.step)
    const step = position.step + 1
    const { loss, correct } = compiled.trainStep({
      indices,
      learningRate: rate,
      seed: stepSeed(config.seed, epoch, step),
    })
    const record = { step, loss, learningRate: rate }
    now.position = { epoch: epoch - 1, step, stepInEpoch: position.stepInEpoch + 1 }
    reporter.stepDone(record, epoch, indices.length)
    if (!Number.isFinite(loss)) throw notANumber('loss', loss, whereabouts())
    keeper.stepDone(record)
    now.loop = {
      ...loop,
      epoch: {
        loss: loop.epoch.loss + loss * indices.length,
        correct: loop.epoch.correct + correct,
        seconds: loop.epoch.seconds,
      },
    }
  }

  /** Trains one step and obeys; false when the run shall stop. */
  async function stepAndGoOn(order: Int32Array, epoch: number): Promise<boolean> {
    const begun = clock.now()
    trainStep(order, epoch)
    const going = await goOn()
    const sums = now.loop.epoch
    now.loop = { ...now.loop, epoch: { ...sums, seconds: sums.seconds + clock.now() - begun } }
    return going
  }

  async function runEpoch(epoch: number): Promise<EpochResult | 'stop'> {
    const order = epochOrder(data.trainIndices, config, epoch)
    reporter.trainingBegins()
    while (now.position.stepInEpoch < plan.stepsPerEpoch) {
      if (!(await stepAndGoOn(order, epoch))) return 'stop'
      // The last step's place is the epoch's end, which follows.
      if (now.position.stepInEpoch === plan.stepsPerEpoch || !keeper.isDue(now.position)) continue
      const checkpoint = await saveWhenRoom()
      if (checkpoint === null) return 'stop'
      emit({ type: 'checkpoint', checkpoint })
    }
    const sums = now.loop.epoch
    const train = { loss: sums.loss / order.length, accuracy: sums.correct / order.length }
    const begun = clock.now()
    const watched = data.validationIndices.length > 0
    const validation = watched ? await evaluate(data.train, data.validationIndices, 'validation-loss') : null
    if (validation === 'stop') return 'stop'
    return {
      epoch,
      train,
      validation,
      learningRate: rateOf(now.position.step - 1),
      trainSeconds: sums.seconds,
      validationSeconds: watched ? clock.now() - begun : 0,
      imagesPerSecond: order.length / Math.max(sums.seconds, 1e-9),
    }
  }

  /** False where the run shall stop. */
  async function completeEpoch(result: EpochResult): Promise<boolean> {
    now.position = { epoch: result.epoch, step: now.position.step, stepInEpoch: 0 }
    now.loop = epochDone(now.loop, result, config)
    keeper.epochDone(result)
    reporter.epochDone()
    if (config.histograms) {
      const { epoch, step } = now.position
      emit({ type: 'distributions', distributions: takeDistributions(compiled, data, config, epoch, step) })
    }
    const checkpoint = await saveWhenRoom()
    if (checkpoint === null) return false
    emit({ type: 'epoch', result, checkpoint })
    return true
  }

  /** What the test is made with: the newest weights, or those of the best epoch where early stopping asks for them. */
  function finalWeights(): string {
    const { best } = now.loop
    if (best && config.early_stopping?.restore_best && best.epoch !== now.position.epoch) {
      return restoreBest(runFolder, best.epoch, compiled, job.files)
    }
    return keeper.newest ?? save()
  }

  const heartbeat = setInterval(() => emit({ type: 'heartbeat' }), heartbeatMs)
  try {
    while (now.position.epoch < config.epochs && !now.loop.stoppedEarly) {
      const result = await runEpoch(now.position.epoch + 1)
      if (result === 'stop') return stopped()
      if (!(await completeEpoch(result))) return stopped()
    }
    reporter.flush()
    const checkpoint = finalWeights()
    const every = Int32Array.from({ length: data.test.count }, (_, index) => index)
    const test = await evaluate(data.test, every, 'test-loss')
    if (test === 'stop') return stopped()
    keeper.finish(test)
    return { type: 'finished', test, checkpoint }
  } catch (error) {
    reporter.flush()
    throw error
  } finally {
    clearInterval(heartbeat)
  }
}
