import { AppError } from '../../../../shared/errors'
import type { NamedTensors } from '../../../../shared/formats/tensors'
import type { SoundNetwork } from '../../../../shared/network/analyze'
import { elementCount } from '../../../../shared/network/shape'
import type { StepInput } from '../engine'
import type { GradientQuestion, LayerValues, Probe } from '../probe'
import { checkWeights } from '../weights/check'
import { intoGraph } from '../weights/exchange'
import type { NativeBinding } from './binding'
import { outName, type Out } from './graph/graph'
import { compileProbe, type ProbeGraph } from './probe-graph'
import { recordProgram, type RecordedProgram } from './program/record'
import { endpoint, openSession, type Session } from './session'

/** Gradient graphs that are kept, each with its own copy of the weights. */
const keptGraphs = 3

interface OpenGraph {
  readonly compiled: ProbeGraph
  readonly session: Session
  /** The weights that it holds. */
  weights: NamedTensors | null
}

/**
 * The forward pass of all layers is one graph, of which TensorFlow runs what is fetched; the gradients of each layer that is
 * asked about are another, made when they are first asked for.
 */
export function openProbe(binding: NativeBinding, network: SoundNetwork, masks?: StepInput['seed']): Probe {
  const program = recordProgram(network)
  const open = new Map<string | null, OpenGraph>()
  let weights: NamedTensors | null = null

  /** The graph of a layer's gradients, or of the forward pass, with the present weights. */
  function graphOf(layer: string | null): OpenGraph {
    const graph = open.get(layer) ?? openGraph(layer)
    // The one used last stands at the end.
    open.delete(layer)
    open.set(layer, graph)
    if (weights && graph.weights !== weights) storeWeights(graph, weights)
    return graph
  }

  function openGraph(layer: string | null): OpenGraph {
    const [oldest] = [...open.keys()].filter((key) => key !== null)
    if (layer !== null && oldest !== undefined && open.size > keptGraphs) {
      open.get(oldest)?.session.close()
      open.delete(oldest)
    }
    const compiled = compileProbe(network, program, layer === null ? null : stepOf(program, layer), masks)
    return { compiled, session: openSession(binding, compiled.graph.nodes), weights: null }
  }

  function storeWeights(graph: OpenGraph, given: NamedTensors): void {
    const { weights: variables } = graph.compiled
    graph.weights = given
    if (variables.length === 0) return
    const feeds = variables.map(({ name, spec, variable }) => {
      const values = given.get(name)?.values
      if (!values) throw new AppError('internal', `no weight "${name}"`)
      return { to: variable.feed, shape: variable.dims, values: intoGraph({ spec, rowsOf: null }, values) }
    })
    const stored = variables.map(({ variable }) => variable.confirm)
    graph.session.run(
      endpoint(
        feeds.map(({ to }) => to),
        stored,
      ),
      feeds,
    )
  }

  function pictureFeed(graph: OpenGraph, pictures: Float32Array, count: number) {
    // A copy, because TensorFlow may hold on to it.
    return { to: graph.compiled.pictures, shape: [count, ...network.input.shape], values: pictures.slice() }
  }

  return {
    setWeights(given) {
      weights = checkWeights(network, given)
    },
    activations(pictures, count, layers) {
      requirePictures(network, pictures, count)
      const graph = graphOf(null)
      const outs = new Map(layers.map((layer) => [layer, graph.compiled.lowered.output(stepOf(program, layer))]))
      const fetched = run(graph, [pictureFeed(graph, pictures, count)], [...outs.values()])
      return new Map(
        [...outs].map(([layer, out]): [string, LayerValues] => [
          layer,
          { shape: out.dims.slice(1), values: fetched(out) },
        ]),
      )
    },
    gradients({ pictures, count, of, by }: GradientQuestion) {
      requirePictures(network, pictures, count)
      const graph = graphOf(of.layer)
      const { lowered, seed } = graph.compiled
      const output = lowered.output(stepOf(program, of.layer))
      const shape = output.dims.slice(1)
      if (!seed || of.seed.length !== count * elementCount(shape)) {
        throw new AppError('internal', `a seed of ${of.seed.length} values for ${count} outputs of ${of.layer}`)
      }
      const found = by.map((layer) => {
        const gradient = graph.compiled.gradients.get(stepOf(program, layer)) ?? null
        return { layer, gradient }
      })
      const fetched = run(
        graph,
        [pictureFeed(graph, pictures, count), { to: seed, shape: [count, ...shape], values: of.seed.slice() }],
        [output, ...found.flatMap(({ gradient }) => gradient ?? [])],
      )
      const gradients = found.map(({ layer, gradient }): [string, LayerValues] => {
        const ownShape = network.byId.get(layer)?.shape ?? []
        const values = gradient ? fetched(gradient) : new Float32Array(count * elementCount(ownShape))
        return [layer, { shape: ownShape, values }]
      })
      return { output: { shape, values: fetched(output) }, gradients: new Map(gradients) }
    },
    dispose() {
      for (const { session } of open.values()) session.close()
      open.clear()
    },
  }
}

/** Fetches each value once, and what is fed not at all: TensorFlow refuses to give back what it was fed. */
function run(
  { session }: OpenGraph,
  feeds: readonly { readonly to: Out; readonly shape: readonly number[]; readonly values: Float32Array }[],
  wanted: readonly Out[],
): (out: Out) => Float32Array {
  const known = new Map(feeds.map(({ to, values }) => [outName(to), values]))
  const missing = new Map(wanted.filter((out) => !known.has(outName(out))).map((out) => [outName(out), out]))
  const fetches = [...missing.values()]
  if (fetches.length > 0) {
    const used = feeds.map(({ to }) => to)
    const values = session.run(endpoint(used, fetches), feeds)
    fetches.forEach((out, at) => known.set(outName(out), values[at] as Float32Array))
  }
  return (out) => {
    const values = known.get(outName(out))
    if (!values) throw new RangeError(`${outName(out)} was not fetched`)
    return values
  }
}

function stepOf(program: RecordedProgram, layer: string): number {
  const step = program.layers.get(layer)
  if (step === undefined) throw new AppError('not-found', `The network has no layer "${layer}".`, { params: { layer } })
  return step
}

function requirePictures(network: SoundNetwork, pictures: Float32Array, count: number): void {
  const wanted = count * elementCount(network.input.shape)
  if (pictures.length === wanted) return
  throw new AppError('invalid-input', `${count} pictures have ${wanted} values, not ${pictures.length}.`)
}
