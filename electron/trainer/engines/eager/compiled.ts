import { tensor, type Tensor } from '@tensorflow/tfjs-core'
import { AppError } from '../../../../shared/errors'
import type { LabelledImages } from '../../../../shared/data/dataset'
import type { NamedTensor } from '../../../../shared/formats/tensors'
import { elementCount } from '../../../../shared/network/shape'
import type { Ops } from '../../../../shared/ops/ops'
import type { CompiledNetwork, EngineJob, StepInput } from '../engine'
import { gatherBatch } from '../pictures'
import { engineShape, toTorch } from '../weights/layout'
import { clipped } from './clip'
import { forward, inBackend, required } from './forward'
import { lossOf, type LossResult } from './loss'
import { createEagerOps } from './ops'
import { createOptimizer } from './optimizers'
import { createState, type StoredWeight } from './state'
import { constant, createTape, type Tape, type Value } from './tape'

/** Pictures that one evaluation pass takes at once. */
const evaluationBatch = 256

/** One training-mode pass: what it found, by weight, before anything is changed. */
interface TrainingResult extends LossResult {
  readonly gradients: ReadonlyMap<string, Float32Array>
  readonly statistics: ReadonlyMap<string, Float32Array>
}

/** Runs a network operation by operation on the tfjs backend `backend`. */
export function compileEager(job: EngineJob, backend: string): CompiledNetwork {
  const { network } = job
  const optimizer = createOptimizer(job.optimizer)
  const state = createState(network, optimizer)
  const classes = elementCount(network.output.shape)
  const { clipNorm = null, classWeights = null } = job

  function weightValues(tracked: boolean): Map<string, Value> {
    return new Map(
      [...state.weights].map(([name, { spec, values }]) => [
        name,
        { tensor: tensor(values, engineShape(spec)), tracked: tracked && spec.trainable },
      ]),
    )
  }

  function logitsOf(
    tape: Tape,
    ops: Ops<Value>,
    pictures: Float32Array,
    count: number,
    weights: ReadonlyMap<string, Value>,
  ): Value {
    const entering = constant(tensor(pictures, [count, ...network.input.shape]))
    return required(forward({ network, ops, tape, pictures: entering, weights }), network.output.node.id)
  }

  function trainingPass({ indices, seed }: Omit<StepInput, 'learningRate'>): TrainingResult {
    const batch = gatherBatch(requireData(job.data), indices)
    return inBackend(backend, () => {
      const weights = weightValues(true)
      const names = new Map([...weights].map(([name, value]) => [value, name]))
      const statistics = new Map<string, Float32Array>()
      const keep = (value: Value, next: Tensor) => statistics.set(required(names, value), floats(next))
      const tape = createTape()
      const ops = createEagerOps(tape, {
        seed,
        onStatistics(of, next) {
          keep(of.runningMean, next.mean)
          keep(of.runningVar, next.variance)
        },
      })
      const logits = logitsOf(tape, ops, batch.pictures, batch.count, weights)
      const result = lossOf(job.loss, floats(logits.tensor), batch.labels, classes, classWeights)
      const found = tape.gradients(logits, tensor(result.gradient, [batch.count, classes]))
      const gradients = new Map<string, Float32Array>()
      for (const [value, name] of names) {
        if (value.tracked) gradients.set(name, gradientOf(found, value))
      }
      return { ...result, gradients, statistics }
    })
  }

  function predict(pictures: Float32Array, count: number): Float32Array {
    const size = elementCount(network.input.shape)
    if (pictures.length !== count * size) {
      throw new AppError('invalid-input', `${count} pictures have ${count * size} values, not ${pictures.length}.`)
    }
    const logits = new Float32Array(count * classes)
    for (let start = 0; start < count; start += evaluationBatch) {
      const part = Math.min(evaluationBatch, count - start)
      const values = inBackend(backend, () => {
        const tape = createTape()
        const own = pictures.subarray(start * size, (start + part) * size)
        return floats(logitsOf(tape, createEagerOps(tape, null), own, part, weightValues(false)).tensor)
      })
      logits.set(values, start * classes)
    }
    return logits
  }

  return {
    setWeights: state.setWeights,
    getWeights: state.getWeights,
    getWeight: state.getWeight,
    takeWeights: () => [...state.weights].map(([name, { values }]) => ({ name, values: values.slice(), rowsOf: null })),
    getOptimizerState: state.getOptimizerState,
    setOptimizerState: state.setOptimizerState,
    trainStep(input) {
      const { loss, correct, gradients, statistics } = trainingPass(input)
      state.step++
      if (!Number.isFinite(loss)) return { loss, correct }
      for (const [name, gradient] of clipped(gradients, clipNorm)) {
        const { values, slots } = required(state.weights, name)
        optimizer.update(values, gradient, slots, input.learningRate, state.step)
      }
      for (const [name, values] of statistics) required(state.weights, name).values.set(values)
      return { loss, correct }
    },
    evaluate(data, indices) {
      let [total, weight, correct] = [0, 0, 0]
      for (let start = 0; start < indices.length; start += evaluationBatch) {
        const batch = gatherBatch(data, indices.subarray(start, start + evaluationBatch))
        const logits = predict(batch.pictures, batch.count)
        const score = lossOf(job.loss, logits, batch.labels, classes, classWeights)
        total += score.loss * score.weight
        weight += score.weight
        correct += score.correct
      }
      return { loss: weight === 0 ? 0 : total / weight, correct, weight }
    },
    predict,
    gradients(input) {
      const { loss, gradients } = trainingPass(input)
      const named = [...gradients].map(([name, values]): [string, NamedTensor] => [
        name,
        toTorch(required<string, StoredWeight>(state.weights, name).spec, values),
      ])
      return { loss, gradients: new Map(named) }
    },
    dispose: () => undefined,
  }
}

/** Zeros where no path leads from the loss to the weight. */
function gradientOf(found: ReadonlyMap<Value, Tensor>, value: Value): Float32Array {
  const gradient = found.get(value)
  return gradient ? floats(gradient) : new Float32Array(value.tensor.size)
}

function floats(values: Tensor): Float32Array {
  return values.dataSync<'float32'>()
}

function requireData(data: LabelledImages | null): LabelledImages {
  if (!data) throw new RangeError('a network without data can only predict')
  return data
}
