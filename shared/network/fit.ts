import { AppError } from '../errors'
import type { NetworkAnalysis, SoundNetwork } from './analyze'
import type { NetworkProblem } from './problem'
import { formatShape, type Shape } from './shape'

/** The pictures that a network is to learn. */
export interface DataFormat {
  readonly title: string
  /** `[height, width, channels]` */
  readonly shape: Shape
  readonly classes: number
}

/** Where a network does not fit its pictures: codes `input-size` and `class-count`. */
export function fitProblems({ input, output, origins }: NetworkAnalysis, data: DataFormat): NetworkProblem[] {
  const [height = 1, width = 1, channels = 1] = data.shape
  const params = { data: data.title, height, width, channels, classes: data.classes, shape: formatShape(data.shape) }
  const problems: NetworkProblem[] = []
  function report(id: string, code: string, found: string, message: string): void {
    problems.push({
      layerId: origins.get(id)?.layerId ?? id,
      fromId: null,
      code,
      message,
      params: { ...params, found },
    })
  }
  if (input && formatShape(input.shape) !== formatShape(data.shape)) {
    const found = formatShape(input.shape)
    report(input.node.id, 'input-size', found, `takes ${found}, but pictures of ${data.title} are ${params.shape}`)
  }
  if (output && formatShape(output.shape) !== formatShape([data.classes])) {
    const found = formatShape(output.shape)
    report(output.node.id, 'class-count', found, `gives ${found}, but ${data.title} has ${data.classes} classes`)
  }
  return problems
}

/** Checks that pictures and labels fit the network; throws `invalid-network` naming both sides. */
export function requireFit(network: SoundNetwork, data: DataFormat): void {
  const [first] = fitProblems(network, data)
  if (!first) return
  const fix =
    first.code === 'input-size'
      ? `Set "${first.layerId}" to ${formatShape(data.shape)}, or choose another data set.`
      : `Let the network end in a Linear layer with ${data.classes} outputs.`
  const role = first.code === 'input-size' ? 'The layer' : 'The last layer'
  throw new AppError('invalid-network', `${role} "${first.layerId}" ${first.message}.`, { fix, params: first.params })
}
