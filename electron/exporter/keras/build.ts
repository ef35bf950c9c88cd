import { toEngine, engineShape } from '../../trainer/engines/weights/layout'
import type { ExportSource } from '../format'
import { traceNetwork } from '../trace'
import { KerasGraph, type KerasDialect, type KerasNode, type KerasValue } from './graph'
import { kerasOps } from './ops'
import type { KerasHandle } from './values'

export interface KerasModel {
  readonly nodes: readonly KerasNode[]
  readonly input: string
  readonly output: string
}

/** The network as layers of Keras, its weights in their layouts. */
export function kerasModel({ network, weights }: ExportSource, dialect: KerasDialect): KerasModel {
  const graph = new KerasGraph(dialect)
  let input = ''
  const output = traceNetwork<KerasValue | KerasHandle>(network, {
    ops: kerasOps(graph),
    enter: (layer) => graph.enter(layer),
    input(layer, shape) {
      input = layer
      const size = [null, ...shape]
      const config = dialect === 'keras' ? { batch_shape: size } : { batch_input_shape: size, sparse: false }
      return graph.add('InputLayer', '', [], shape, { ...config, dtype: 'float32' })
    },
    weight(name, spec) {
      const tensor = weights.get(name)
      if (!tensor) throw new RangeError(`there is no weight "${name}"`)
      const shape = engineShape(spec)
      return { name, shape, isPositive: false, tensor: { shape, values: toEngine(spec, tensor.values) } }
    },
  })
  return { nodes: graph.nodes, input, output: output.name }
}
