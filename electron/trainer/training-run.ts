import type { LabelledImages } from '../../shared/data/dataset'
import type { SoundNetwork } from '../../shared/network/analyze'
import type { Position } from '../../shared/training/checkpoint-names'
import type { EngineWeight, Kernels, StartCommand, TrainerEvent } from '../../shared/training/messages'
import { learningRateAt } from '../../shared/training/schedule'
import type { EngineReport, EpochResult, Score } from '../../shared/training/state'
import { epochOrder, stepSeed, type RunData } from './batches'
import { diskFiles, type CheckpointFiles } from './checkpoint/files'
import { dropOptimizerState, writeCheckpoint } from './checkpoint/write'
import type { CompiledNetwork } from './engines/engine'
import { firstConvolution, readKernels } from './kernels'
import { createWorkClock } from './meter'
import { notANumber, requireFinite, type Whereabouts } from './numbers'
import { createReporter, type Emit, type RunPlan } from './reporter'
import type { RunControl } from './run-control'

export type HandOver = (number: number, weights: readonly EngineWeight[]) => void

export interface TrainingJob {
  readonly command: StartCommand
  readonly network: SoundNetwork
  readonly data: RunData
  readonly engine: EngineReport
  /** With its starting weights. */
  readonly compiled: CompiledNetwork
  readonly emit: Emit
  readonly control: RunControl
  /** Gets all weights when they are asked for, with the number of the question. */
  readonly handOver?: HandOver
  /** As performance.now. */
  readonly milliseconds?: () => number
  readonly files?: CheckpointFiles
}

export type RunEnd = Extract<TrainerEvent, { type: 'finished' | 'stopped' }>

const heartbeatMs = 1000
/** Pictures evaluated in one go: small enough that pause and stop come through in between. */
const evaluationCount = 256
/** Checkpoints that keep the optimizer's slots: the newest, and the one before in case it is damaged. */
const resumable = 2

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
 * Trains from start to end, obeying `control` between two steps, and emits all events but the last, which it returns.
 * Throws `not-a-number`, `disk-full` and what the engine throws; checkpoints written before stay as they are.
 */
export async function runTraining(job: TrainingJob): Promise<RunEnd> {
  const { network, data, compiled, emit, control, files = diskFiles } = job
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
    readKernels: () => (shown === null ? null : kernelsOf(shown)),
  })
  const written: Position[] = []
  const begin: Position = { epoch: 0, step: 0, stepInEpoch: 0 }
  const now: { position: Position; saved: Position; checkpoint: string | null } = {
    position: begin,
    saved: begin,
    checkpoint: null,
  }

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
    const { position, checkpoint } = now
    const epoch = position.stepInEpoch > 0 ? position.epoch + 1 : Math.max(1, position.epoch)
    return { epoch, step: position.step, checkpoint }
  }

  function save(): string {
    const { position } = now
    const weights = compiled.getWeights()
    requireFinite(weights, whereabouts())
    const optimizer = compiled.getOptimizerState()
    const whole = { position, document, config, engine: job.engine, weights, optimizer }
    const checkpoint = writeCheckpoint(runFolder, whole, files)
    now.checkpoint = checkpoint
    now.saved = position
    written.push(position)
    if (written.length > resumable) dropOptimizerState(runFolder, written.shift() ?? position, files)
    return checkpoint
  }

  function stopped(): RunEnd {
    reporter.flush()
    return now.saved === now.position ? { type: 'stopped' } : { type: 'stopped', checkpoint: save() }
  }

  /** Mean over `indices`; `stop` where the run shall stop before the end. */
  async function evaluate(images: LabelledImages, indices: Int32Array, what: string): Promise<Score | 'stop'> {
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
    if (!Number.isFinite(loss)) throw notANumber(`The ${what} loss`, loss, whereabouts())
    reporter.evaluationDone(clock.now() - begun, indices.length)
    return { loss, accuracy: correct / indices.length }
  }

  function trainStep(order: Int32Array, start: number, epoch: number): { loss: number; correct: number; rate: number } {
    const indices = order.subarray(start, start + config.batch_size)
    const rate = learningRateAt(config, now.position.step, plan.stepsPerEpoch, plan.totalSteps)
    const step = now.position.step + 1
    const { loss, correct } = compiled.trainStep({
      indices,
      learningRate: rate,
      seed: stepSeed(config.seed, epoch, step),
    })
    now.position = { epoch: epoch - 1, step, stepInEpoch: now.position.stepInEpoch + 1 }
    reporter.stepDone({ step, loss, learningRate: rate }, epoch, indices.length)
    if (!Number.isFinite(loss)) throw notANumber('The loss', loss, whereabouts())
    return { loss: loss * indices.length, correct, rate }
  }

  async function runEpoch(epoch: number): Promise<EpochResult | 'stop'> {
    const order = epochOrder(data.trainIndices, config, epoch)
    const begun = clock.now()
    let [loss, correct, learningRate] = [0, 0, 0]
    reporter.trainingBegins()
    for (let start = 0; start < order.length; start += config.batch_size) {
      const step = trainStep(order, start, epoch)
      loss += step.loss
      correct += step.correct
      learningRate = step.rate
      if (!(await goOn())) return 'stop'
    }
    const trainSeconds = clock.now() - begun
    const train = { loss: loss / order.length, accuracy: correct / order.length }
    const watched = data.validationIndices.length > 0
    const validation = watched ? await evaluate(data.train, data.validationIndices, 'validation') : null
    if (validation === 'stop') return 'stop'
    const validationSeconds = watched ? clock.now() - begun - trainSeconds : 0
    const imagesPerSecond = order.length / Math.max(trainSeconds, 1e-9)
    return { epoch, train, validation, learningRate, trainSeconds, validationSeconds, imagesPerSecond }
  }

  const heartbeat = setInterval(() => emit({ type: 'heartbeat' }), heartbeatMs)
  try {
    for (let epoch = 1; epoch <= config.epochs; epoch++) {
      const result = await runEpoch(epoch)
      if (result === 'stop') return stopped()
      now.position = { epoch, step: now.position.step, stepInEpoch: 0 }
      reporter.epochDone()
      emit({ type: 'epoch', result, checkpoint: save() })
    }
    reporter.flush()
    const every = Int32Array.from({ length: data.test.count }, (_, index) => index)
    const test = await evaluate(data.test, every, 'test')
    if (test === 'stop') return stopped()
    return { type: 'finished', test, checkpoint: now.checkpoint ?? save() }
  } catch (error) {
    reporter.flush()
    throw error
  } finally {
    clearInterval(heartbeat)
  }
}
