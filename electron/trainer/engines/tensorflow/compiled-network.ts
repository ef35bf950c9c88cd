import type { LabelledImages } from '../../../../shared/data/dataset'
import { AppError } from '../../../../shared/errors'
import type { NamedTensor, NamedTensors } from '../../../../shared/formats/tensors'
import { weightOf } from '../class-weights'
import type { BatchScore, CompiledNetwork, EngineJob, EvaluationScore } from '../engine'
import { checkTensors, checkWeights } from '../weights/check'
import { intoGraph, outOfGraph } from '../weights/exchange'
import type { NativeBinding } from './binding'
import { compileGraph, type CompiledGraph, type TrainEndpoints, type WeightVariable } from './compile'
import { hyperparameterCount, hyperparameters } from './lower/optimizer'
import { endpoint, openSession, type Feed, type Session } from './session'
import type { Variable } from './variables'

/** Pictures evaluated in one call: enough to fill the cores, little enough for any memory. */
const evaluationBatch = 512

/** Compiles a job into one TensorFlow graph and opens a session on it. */
export function compileNetwork(binding: NativeBinding, job: EngineJob): CompiledNetwork {
  const compiled = compileGraph(job)
  const session = openSession(binding, compiled.graph.nodes)
  const { weights, train } = compiled
  const setters = new Map<Variable, ReturnType<typeof endpoint>>()
  /** Optimizer steps made, which Adam's correction counts. */
  let step = 0

  function store(variable: Variable, values: Feed['values']): void {
    const what = setters.get(variable) ?? endpoint([variable.feed], [variable.confirm])
    setters.set(variable, what)
    session.run(what, [{ to: variable.feed, shape: variable.dims, values }])
  }

  function read(weight: WeightVariable, variable: Variable): NamedTensor {
    const [values] = session.run(endpoint([], [variable.value]), [])
    return outOfGraph(weight, values as Float32Array)
  }

  resetOptimizer(weights, store)
  if (train && job.data) storeData(job.data, train, store)
  const runTraining = train && trainingCalls(train, session, job)
  const evaluateImages = evaluationCall(compiled, session, job)
  const takeCall = endpoint(
    [],
    weights.map(({ variable }) => variable.value),
  )
  const predictCall = endpoint([compiled.evaluate.pictures], [compiled.evaluate.logits])

  function training() {
    if (!runTraining) throw new AppError('internal', 'this network was compiled without training data')
    return runTraining
  }

  return {
    setWeights(given) {
      const checked = checkWeights(job.network, given)
      for (const weight of weights) store(weight.variable, intoGraph(weight, valuesOf(checked, weight.name)))
    },
    getWeights: () => new Map(weights.map((weight) => [weight.name, read(weight, weight.variable)])),
    getWeight(name) {
      const weight = weights.find((candidate) => candidate.name === name)
      if (!weight) throw new AppError('not-found', `There is no weight "${name}".`)
      return read(weight, weight.variable)
    },
    takeWeights() {
      const all = weights.length === 0 ? [] : session.run(takeCall, [])
      return weights.map(({ name, rowsOf }, at) => ({ name, rowsOf, values: all[at] as Float32Array }))
    },
    getOptimizerState() {
      const state = new Map<string, NamedTensor>([['step', { shape: [], values: new Float32Array([step]) }]])
      for (const weight of weights) {
        for (const [slot, variable] of weight.optimized?.slots ?? []) {
          state.set(`${weight.name}.${slot}`, read(weight, variable))
        }
      }
      return state
    },
    setOptimizerState(given) {
      const expected = new Map<string, readonly number[]>([['step', []]])
      for (const weight of weights) {
        for (const slot of weight.optimized?.slots.keys() ?? [])
          expected.set(`${weight.name}.${slot}`, weight.spec.shape)
      }
      const checked = checkTensors('optimizer state', expected, given)
      step = valuesOf(checked, 'step')[0] ?? 0
      for (const weight of weights) {
        for (const [slot, variable] of weight.optimized?.slots ?? []) {
          store(variable, intoGraph(weight, valuesOf(checked, `${weight.name}.${slot}`)))
        }
      }
    },
    trainStep(input) {
      step += 1
      return training().step(input.indices, hyperparameters(job.optimizer, input.learningRate, step), input.seed)
    },
    gradients: (input) => training().gradients(input.indices, input.seed, weights),
    evaluate: evaluateImages,
    predict(pictures, count) {
      const { pictures: to } = compiled.evaluate
      const [height = 1, width = 1, channels = 1] = job.network.input.shape
      const shape = [count, height, width, channels]
      const [logits] = session.run(predictCall, [{ to, shape, values: pictures.slice() }])
      return logits as Float32Array
    },
    dispose: () => session.close(),
  }
}

function valuesOf(tensors: NamedTensors, name: string): Float32Array {
  const tensor = tensors.get(name)
  if (!tensor) throw new AppError('internal', `no tensor "${name}"`)
  return tensor.values
}

type Store = (variable: Variable, values: Feed['values']) => void

/** All slots start at zero. */
function resetOptimizer(weights: readonly WeightVariable[], store: Store): void {
  for (const { optimized } of weights) {
    for (const variable of [...(optimized?.slots.values() ?? []), ...(optimized?.scratch ?? [])]) {
      store(variable, new Float32Array(variable.dims.reduce((product, size) => product * size, 1)))
    }
  }
}

function storeData(data: LabelledImages, train: TrainEndpoints, store: Store): void {
  store(train.images, data.images)
  store(train.labels, Int32Array.from(data.labels))
}

function trainingCalls(train: TrainEndpoints, session: Session, job: EngineJob) {
  const { indices, hyperparameters: hyper, seed } = train.feeds
  const usesSeed = job.network.layers.some((layer) => layer.kind.category === 'regularization')
  const randomness = usesSeed ? [seed] : []
  const stepCall = endpoint([indices, hyper, ...randomness], train.trained)
  const names = [...train.gradients.keys()]
  const gradientCall = endpoint([indices, ...randomness], [train.loss, ...train.gradients.values()])

  /** A fresh copy each time, because TensorFlow may hold on to it. */
  function batch(given: Int32Array): Feed {
    return { to: indices, shape: [given.length], values: given.slice() }
  }
  function words(given: readonly [number, number]): Feed[] {
    return usesSeed ? [{ to: seed, shape: [2], values: Int32Array.of(...given) }] : []
  }
  return {
    step(given: Int32Array, values: Float32Array, seeds: readonly [number, number]): BatchScore {
      const feeds = [batch(given), { to: hyper, shape: [hyperparameterCount], values }, ...words(seeds)]
      const [loss, correct] = session.run(stepCall, feeds)
      return { loss: loss?.[0] ?? NaN, correct: correct?.[0] ?? 0 }
    },
    gradients(given: Int32Array, seeds: readonly [number, number], weights: readonly WeightVariable[]) {
      const [loss, ...values] = session.run(gradientCall, [batch(given), ...words(seeds)])
      const byName = new Map(names.map((name, index) => [name, values[index] as Float32Array]))
      const gradients = new Map<string, NamedTensor>()
      for (const weight of weights) {
        const found = byName.get(weight.name)
        if (found) gradients.set(weight.name, outOfGraph(weight, found))
      }
      return { loss: loss?.[0] ?? NaN, gradients }
    },
  }
}

function evaluationCall(compiled: CompiledGraph, session: Session, job: EngineJob) {
  const { feeds, loss, correct } = compiled.evaluate
  const call = endpoint([feeds.images, feeds.labels], [loss, correct])
  const size = job.network.input.shape.reduce((product, axis) => product * axis, 1)
  const { classWeights = null } = job
  return function evaluate(data: LabelledImages, indices: Int32Array): EvaluationScore {
    let total = 0
    let weight = 0
    let right = 0
    for (let start = 0; start < indices.length; start += evaluationBatch) {
      const chunk = indices.subarray(start, start + evaluationBatch)
      const images = new Uint8Array(chunk.length * size)
      const labels = new Int32Array(chunk.length)
      chunk.forEach((picture, at) => {
        images.set(data.images.subarray(picture * size, (picture + 1) * size), at * size)
        labels[at] = data.labels[picture] ?? 0
      })
      const [batchLoss, batchCorrect] = session.run(call, [
        { to: feeds.images, shape: [chunk.length, size], values: images },
        { to: feeds.labels, shape: [chunk.length], values: labels },
      ])
      const own = weightOf(labels, classWeights)
      total += (batchLoss?.[0] ?? NaN) * own
      weight += own
      right += batchCorrect?.[0] ?? 0
    }
    return { loss: weight > 0 ? total / weight : 0, correct: right, weight }
  }
}
