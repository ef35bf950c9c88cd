import type { EngineJob } from '../engine'
import { GraphBuilder, type Out } from './graph/graph'
import { cast, gather, identity, multiply, reshape, subtract } from './graph/math'
import { clipGradients } from './lower/clip'
import { finiteGate } from './lower/gate'
import { lowerLoss } from './lower/loss'
import { lowerProgram } from './lower/lower-program'
import { hyperparameterCount, optimizeWeight, type OptimizedWeight } from './lower/optimizer'
import { weightsOf, type WeightRef } from './program/program'
import { recordProgram } from './program/record'
import { optimizeProgram } from './program/rewrite'
import { engineShape } from '../weights/layout'
import { pixelMean, pixelStd } from '../../../../shared/data/dataset'
import { addVariable, type Variable } from './variables'

export interface WeightVariable extends WeightRef {
  readonly variable: Variable
  /** Null for running statistics, and where the network is not trained. */
  readonly optimized: OptimizedWeight | null
}

export interface TrainEndpoints {
  readonly images: Variable
  readonly labels: Variable
  readonly feeds: { readonly indices: Out; readonly hyperparameters: Out; readonly seed: Out }
  /** Loss and right answers, once every weight has changed; with a loss that is not finite none does. */
  readonly trained: readonly [loss: Out, correct: Out]
  /** Loss and gradients before any clipping; changes nothing. */
  readonly loss: Out
  readonly gradients: ReadonlyMap<string, Out>
}

export interface EvaluateEndpoints {
  readonly feeds: { readonly images: Out; readonly labels: Out }
  readonly loss: Out
  readonly correct: Out
  /** Normalised pictures; may be fed in place of `images`. */
  readonly pictures: Out
  readonly logits: Out
}

export interface CompiledGraph {
  readonly graph: GraphBuilder
  readonly weights: readonly WeightVariable[]
  readonly train: TrainEndpoints | null
  readonly evaluate: EvaluateEndpoints
}

/** Builds one graph with all that a run asks for; TensorFlow prunes it to what each call fetches. */
export function compileGraph(job: EngineJob): CompiledGraph {
  const graph = new GraphBuilder()
  const recorded = recordProgram(job.network)
  const trainProgram = optimizeProgram(recorded, 'train')
  const evaluateProgram = optimizeProgram(recorded, 'evaluate')
  const refs = weightsOf(trainProgram)
  const variables = new Map(refs.map((ref) => [ref.name, addVariable(graph, ref.name, engineShape(ref.spec))]))
  const weight = (name: string) => variableNamed(variables, name).value
  const seed = graph.add(
    'Placeholder',
    [],
    { dtype: { type: 'int32' }, shape: { shape: [2] } },
    { dims: [2], dtype: 'int32' },
  )
  const [height = 1, width = 1, channels = 1] = job.network.input.shape
  const { clipNorm = null, classWeights = null } = job

  const trained = job.data && compileTraining(job.data.count)
  const evaluate = compileEvaluation()
  const weights = refs.map((ref) => ({
    ...ref,
    variable: variableNamed(variables, ref.name),
    optimized: trained?.optimized.get(ref.name) ?? null,
  }))
  return { graph, weights, train: trained?.endpoints ?? null, evaluate }

  function compileTraining(count: number) {
    const images = addVariable(graph, 'data/images', [count, height * width * channels], 'uint8')
    const labels = addVariable(graph, 'data/labels', [count], 'int32')
    const indices = placeholder(graph, 'int32', [-1])
    const hyperparameterFeed = placeholder(graph, 'float32', [hyperparameterCount])
    const batchLabels = gather(graph, labels.value, indices)
    const pictures = normalize(gather(graph, images.value, indices))
    const lowered = lowerProgram(graph, trainProgram, 'train', { pictures, seed, weight })
    const loss = lowerLoss(graph, job.loss, lowered.logits, batchLabels, classWeights)
    const gradients = lowered.differentiate(loss.dLogits)
    const gate = finiteGate(graph, loss.loss)
    const { optimized, changes } = compileOptimizer(
      hyperparameterFeed,
      clipGradients(graph, gradients, clipNorm),
      gate.open,
    )
    const statistics = [...lowered.updates].map(([name, value]) =>
      graph.act('AssignVariableOp', [variableNamed(variables, name).handle, value], { dtype: { type: 'float32' } }, [
        gate.open,
      ]),
    )
    const trainedLoss = gate.after([...changes, ...statistics])
    const endpoints: TrainEndpoints = {
      images,
      labels,
      feeds: { indices, hyperparameters: hyperparameterFeed, seed },
      trained: [trainedLoss, identity(graph, loss.correct, [trainedLoss.node])],
      loss: loss.loss,
      gradients,
    }
    return { endpoints, optimized }
  }

  function compileOptimizer(feed: Out, gradients: ReadonlyMap<string, Out>, gate: string) {
    const scalars = graph.addMany(
      'Unpack',
      [feed],
      { T: { type: 'float32' }, num: { int: hyperparameterCount }, axis: { int: 0 } },
      Array.from({ length: hyperparameterCount }, () => ({ dims: [] })),
    )
    const [learningRate, power1, power2, epsilon] = scalars
    if (!learningRate || !power1 || !power2 || !epsilon) throw new RangeError('too few hyperparameters')
    const hyper = { learningRate, power1, power2, epsilon }
    const optimized = new Map<string, OptimizedWeight>()
    const changes: string[] = []
    for (const [name, gradient] of gradients) {
      const variable = variableNamed(variables, name)
      const entry = graph.within(`optimizer/${name}`, () =>
        optimizeWeight(graph, job.optimizer, variable, gradient, hyper),
      )
      optimized.set(name, entry)
    }
    for (const [name, entry] of optimized) {
      // The weight changes in place only when nobody still reads it; else TensorFlow would copy it first.
      const readers = readersOf(graph, variableNamed(variables, name).value.node)
      changes.push(graph.within(`optimizer/${name}`, () => entry.apply([...readers, gate])))
    }
    return { optimized, changes }
  }

  function compileEvaluation(): EvaluateEndpoints {
    const images = placeholder(graph, 'uint8', [-1, height * width * channels])
    const labels = placeholder(graph, 'int32', [-1])
    const pictures = normalize(images)
    const { logits } = lowerProgram(graph, evaluateProgram, 'evaluate', { pictures, seed, weight })
    const { loss, correct } = lowerLoss(graph, job.loss, logits, labels, classWeights)
    return { feeds: { images, labels }, loss, correct, pictures, logits }
  }

  function normalize(bytes: Out): Out {
    return graph.within('pictures', () => {
      const scaled = multiply(graph, cast(graph, bytes, 'float32'), graph.scalar(1 / (255 * pixelStd)))
      const centred = subtract(graph, scaled, graph.scalar(pixelMean / pixelStd))
      return reshape(graph, centred, [-1, height, width, channels])
    })
  }
}

function placeholder(graph: GraphBuilder, dtype: 'float32' | 'int32' | 'uint8', dims: readonly number[]): Out {
  return graph.add('Placeholder', [], { dtype: { type: dtype }, shape: { shape: dims } }, { dims, dtype })
}

function variableNamed(variables: ReadonlyMap<string, Variable>, name: string): Variable {
  const variable = variables.get(name)
  if (!variable) throw new RangeError(`no variable ${name}`)
  return variable
}

/** Ops that hand their input's memory on, so that whoever reads them reads it. */
const aliasing = new Set(['Reshape', 'Identity'])

/** Every node that reads the output of `node`, directly or through an alias. */
function readersOf(graph: GraphBuilder, node: string): string[] {
  return graph.nodes
    .filter((candidate) => candidate.inputs.some((input) => input.split(':')[0] === node))
    .flatMap((reader) => (aliasing.has(reader.op) ? readersOf(graph, reader.name) : [reader.name]))
}
