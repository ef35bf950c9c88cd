import type { NamedTensors } from '../../../shared/formats/tensors'
import type { CompiledNetwork, Engine, EngineJob, StepInput } from '../engines/engine'

export interface FakeEngine extends Engine {
  readonly steps: StepInput[]
  readonly evaluated: Int32Array[]
  job: EngineJob | null
  disposed: number
}

/** Learns nothing: every step adds 1 to all weights and has the loss 1 / step. `onStep` may change the loss or throw. */
export function createFakeEngine(onStep: (step: number) => number | undefined = () => undefined): FakeEngine {
  let weights: NamedTensors = new Map()
  const engine: FakeEngine = {
    report: { id: 'eager', version: 'Fake 1', device: 'none', notice: null },
    steps: [],
    evaluated: [],
    job: null,
    disposed: 0,
    compile(job) {
      engine.job = job
      return Promise.resolve(compiled)
    },
    probe: () => Promise.reject(new Error('nothing is computed here, so there is nothing to look into')),
  }
  const compiled: CompiledNetwork = {
    setWeights(given) {
      weights = new Map([...given].map(([name, { shape, values }]) => [name, { shape, values: values.slice() }]))
    },
    getWeights: () => weights,
    getWeight(name) {
      const weight = weights.get(name)
      if (!weight) throw new RangeError(`there is no weight ${name}`)
      return { shape: weight.shape, values: weight.values.slice() }
    },
    takeWeights: () => [...weights].map(([name, { values }]) => ({ name, values: values.slice(), rowsOf: null })),
    getOptimizerState: () => new Map([['step', { shape: [], values: Float32Array.of(engine.steps.length) }]]),
    setOptimizerState: () => undefined,
    trainStep(input) {
      engine.steps.push(input)
      const step = engine.steps.length
      const loss = onStep(step) ?? 1 / step
      for (const { values } of weights.values()) values.forEach((value, index) => (values[index] = value + 1))
      return { loss, correct: 1 }
    },
    evaluate(_data, indices) {
      engine.evaluated.push(indices)
      return { loss: 0.5, correct: indices.length, weight: indices.length }
    },
    predict: (_pictures, count) => new Float32Array(count * 3),
    gradients: () => ({ loss: 0, gradients: new Map() }),
    dispose: () => void engine.disposed++,
  }
  return engine
}
