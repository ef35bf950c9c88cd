import type { NamedTensor } from '../../../shared/formats/tensors'
import type { Shape } from '../../../shared/network/shape'

/** What a layer of Keras is told: as its `get_config` has it. */
export type KerasConfig = Readonly<Record<string, unknown>>

/** In the order in which Keras keeps them. `name` is Keras': kernel, bias, gamma, ... */
export interface KerasWeight {
  readonly name: string
  readonly tensor: NamedTensor
}

/** A value: what one layer of Keras gives. Images are NHWC; `shape` is without the batch. */
export interface KerasValue {
  /** The layer's name. */
  readonly name: string
  readonly shape: Shape
  /** Whether no value of it can be below zero, so that padding with zeros never wins. */
  readonly isPositive: boolean
}

export interface KerasNode {
  readonly className: string
  readonly name: string
  readonly config: Record<string, unknown>
  readonly inputs: readonly KerasValue[]
  readonly weights: KerasWeight[]
  readonly shape: Shape
}

/** Keras 3 and TensorFlow.js name and offer most layers alike; the few differences are asked about by this. */
export type KerasDialect = 'keras' | 'tfjs'

/** Layers that carry a bias, which what follows may give them. */
const biased = ['Conv2D', 'Conv2DTranspose', 'DepthwiseConv2D', 'Dense']

/** Collects the layers of one functional model. */
export class KerasGraph {
  readonly nodes: KerasNode[] = []
  private readonly byName = new Map<string, KerasNode>()
  private readonly origins = new Map<string, string>()
  private layer = ''
  private part = 0

  constructor(readonly dialect: KerasDialect) {}

  /** Layers that are added from now on belong to this one of ours. */
  enter(layer: string): void {
    this.layer = layer
    this.part = 0
  }

  /**
   * Adds a layer. It takes the name of ours with `part` behind it; the one without is the one that carries its weights, or
   * all there is.
   */
  add(
    className: string,
    part: string,
    inputs: readonly KerasValue[],
    shape: Shape,
    config: KerasConfig = {},
    weights: readonly KerasWeight[] = [],
    isPositive = false,
  ): KerasValue {
    const entering = this.dialect === 'tfjs' ? this.distinct(inputs) : inputs
    const name = this.unique(part === '' ? this.layer : `${this.layer}-${part}`)
    const node = { className, name, config: { name, ...config }, inputs: entering, weights: [...weights], shape }
    this.nodes.push(node)
    this.byName.set(name, node)
    return { name, shape, isPositive }
  }

  /** What `value` is the cut to size of may carry its bias as well. */
  cutFrom(value: KerasValue, origin: KerasValue): KerasValue {
    this.origins.set(value.name, origin.name)
    return value
  }

  /** Whether the layer behind a value took the bias. */
  giveBias(value: KerasValue, tensor: NamedTensor): boolean {
    const node = this.byName.get(this.origins.get(value.name) ?? value.name)
    if (!node || !biased.includes(node.className) || node.config['use_bias'] === true) return false
    node.config['use_bias'] = true
    node.weights.push({ name: 'bias', tensor })
    return true
  }

  /** TensorFlow.js frees a value too early where it enters one layer twice: the second time a copy enters. */
  private distinct(inputs: readonly KerasValue[]): readonly KerasValue[] {
    return inputs.map((value, at) => {
      if (inputs.findIndex(({ name }) => name === value.name) === at) return value
      return this.add('Rescaling', 'copy', [value], value.shape, { scale: 1, offset: 0 }, [], value.isPositive)
    })
  }

  private unique(asked: string): string {
    // TensorFlow.js names weights by their layers, and wants a letter or a digit first.
    const wanted = this.dialect === 'tfjs' ? asked.replace(/^_/, 'l_') : asked
    let name = wanted
    while (this.byName.has(name)) name = `${wanted}-${++this.part}`
    return name
  }
}
