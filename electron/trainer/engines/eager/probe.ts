import { tensor } from '@tensorflow/tfjs-core'
import { AppError } from '../../../../shared/errors'
import type { SoundNetwork } from '../../../../shared/network/analyze'
import { elementCount, type Shape } from '../../../../shared/network/shape'
import type { StepInput } from '../engine'
import type { LayerValues, Probe } from '../probe'
import { checkWeights } from '../weights/check'
import { engineShape, toEngine } from '../weights/layout'
import { networkWeights } from '../weights/names'
import { forward, inBackend } from './forward'
import { createEagerOps } from './ops'
import { constant, createTape, type Tape, type Value } from './tape'

interface KeptWeight {
  readonly shape: readonly number[]
  readonly values: Float32Array
}

/** Runs the layers asked for on the tfjs backend `backend`, with a tape where gradients are wanted. */
export function openEagerProbe(network: SoundNetwork, backend: string, seed?: StepInput['seed']): Probe {
  let weights = new Map<string, KeptWeight>()

  function shapeOf(layer: string): Shape {
    const found = network.byId.get(layer)
    if (!found) throw new AppError('not-found', `The network has no layer "${layer}".`, { params: { layer } })
    return found.shape
  }

  function pass(tape: Tape, pictures: Float32Array, count: number, layers: readonly string[], tracked: boolean) {
    const size = elementCount(network.input.shape)
    if (pictures.length !== count * size) {
      throw new AppError('invalid-input', `${count} pictures have ${count * size} values, not ${pictures.length}.`)
    }
    const entering: Value = { tensor: tensor(pictures, [count, ...network.input.shape]), tracked }
    const held = new Map([...weights].map(([name, { shape, values }]) => [name, constant(tensor(values, [...shape]))]))
    const ops = createEagerOps(tape, seed ? { seed, onStatistics: () => undefined } : null)
    return forward({ network, ops, tape, pictures: entering, weights: held, only: layersUpTo(network, layers) })
  }

  return {
    setWeights(given) {
      const checked = checkWeights(network, given)
      weights = new Map(
        networkWeights(network).map(({ name, spec }) => {
          const values = toEngine(spec, checked.get(name)?.values ?? new Float32Array())
          return [name, { shape: engineShape(spec), values }]
        }),
      )
    },
    activations(pictures, count, layers) {
      const shapes = layers.map(shapeOf)
      return inBackend(backend, () => {
        const outputs = pass(createTape(), pictures, count, layers, false)
        return new Map(layers.map((layer, at) => [layer, valuesOf(outputs.get(layer), shapes[at] ?? [], count)]))
      })
    },
    gradients({ pictures, count, of, by }) {
      const shape = shapeOf(of.layer)
      if (of.seed.length !== count * elementCount(shape)) {
        throw new AppError('internal', `a seed of ${of.seed.length} values for ${count} outputs of ${of.layer}`)
      }
      const shapes = by.map(shapeOf)
      return inBackend(backend, () => {
        const tape = createTape()
        const outputs = pass(tape, pictures, count, [of.layer], true)
        const last = outputs.get(of.layer)
        if (!last) throw new RangeError(`${of.layer} did not run`)
        const found = tape.gradients(last, tensor(of.seed, [count, ...shape]))
        const gradients = by.map((layer, at): [string, LayerValues] => {
          const value = outputs.get(layer)
          const gradient = value && found.get(value)
          return [layer, valuesOf(gradient && constant(gradient), shapes[at] ?? [], count)]
        })
        return { output: valuesOf(last, shape, count), gradients: new Map(gradients) }
      })
    },
    dispose: () => weights.clear(),
  }
}

/** Zeros where there is no value. */
function valuesOf(value: Value | undefined, shape: Shape, count: number): LayerValues {
  const values = value ? value.tensor.dataSync<'float32'>() : new Float32Array(count * elementCount(shape))
  return { shape, values }
}

/** The layers themselves, and all that they depend on. */
function layersUpTo(network: SoundNetwork, layers: readonly string[]): ReadonlySet<string> {
  const needed = new Set(layers)
  for (const { node } of network.layers.toReversed()) {
    if (needed.has(node.id)) for (const id of node.inputs) needed.add(id)
  }
  return needed
}
