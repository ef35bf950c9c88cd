import type { LossConfig } from '../../../../../shared/training/config'
import type { GraphBuilder, Out } from '../graph/graph'
import { cast, gather, mean, multiply, reshape, subtract, sum } from '../graph/math'

export interface LoweredLoss {
  /** The batch's mean. */
  readonly loss: Out
  /** How many logits are largest at the label, int32. */
  readonly correct: Out
  readonly dLogits: Out
}

const labelled = { T: { type: 'float32' }, Tlabels: { type: 'int32' } } as const

/** `logits [n, classes]`, `labels [n]` int32; PyTorch's CrossEntropyLoss and MSELoss with mean reduction. */
export function lowerLoss(
  graph: GraphBuilder,
  config: LossConfig,
  logits: Out,
  labels: Out,
  classWeights: readonly number[] | null,
): LoweredLoss {
  return graph.within('loss', () => {
    const classes = logits.dims[1] ?? 1
    const count = graph.add(
      'Size',
      [labels],
      { T: { type: 'int32' }, out_type: { type: 'int32' } },
      { dims: [], dtype: 'int32' },
    )
    const share = graph.add('Reciprocal', [cast(graph, count, 'float32')], { T: { type: 'float32' } }, { dims: [] })
    const correct = countCorrect(graph, logits, labels)
    if (config.type === 'mse') {
      const difference = subtract(graph, logits, oneHot(graph, labels, classes, 1, 0))
      const squared = graph.add('Square', [difference], { T: { type: 'float32' } }, { dims: logits.dims })
      const factor = multiply(graph, share, graph.scalar(2 / classes))
      return { loss: mean(graph, squared, [0, 1]), correct, dLogits: multiply(graph, difference, factor) }
    }
    if (classWeights !== null) {
      return { correct, ...weightedCrossEntropy(graph, logits, labels, config.label_smoothing, classWeights) }
    }
    const [losses, gradient] = crossEntropy(graph, logits, labels, config.label_smoothing)
    return { loss: mean(graph, losses, [0]), correct, dLogits: multiply(graph, gradient, share) }
  })
}

/** The loss of each example and its gradient by the logits. */
function crossEntropy(graph: GraphBuilder, logits: Out, labels: Out, smoothing: number): readonly [Out, Out] {
  const classes = logits.dims[1] ?? 1
  if (smoothing === 0) {
    const outputs = [{ dims: [-1] }, { dims: logits.dims }]
    return pair(graph.addMany('SparseSoftmaxCrossEntropyWithLogits', [logits, labels], labelled, outputs))
  }
  // Smoothed targets: 1 - s on the label plus s / classes everywhere (Szegedy et al. 2016).
  const evenly = smoothing / classes
  return softmaxCrossEntropy(graph, logits, oneHot(graph, labels, classes, 1 - smoothing + evenly, evenly))
}

/**
 * The targets of a picture times their classes' weights, over the sum of the labels' weights. TensorFlow's op wants targets
 * whose sum is 1: they are divided by their sum `whole`, and its loss and gradient multiplied by it. No weight at all gives 0.
 */
function weightedCrossEntropy(
  graph: GraphBuilder,
  logits: Out,
  labels: Out,
  smoothing: number,
  classWeights: readonly number[],
): Pick<LoweredLoss, 'loss' | 'dLogits'> {
  const classes = logits.dims[1] ?? 1
  const weights = graph.constant('float32', [classes], classWeights)
  const own = gather(graph, weights, labels)
  const share = divideOrZero(graph, graph.scalar(1), sum(graph, own, [0]))
  let whole = own
  let [losses, gradient] = [logits, logits]
  if (smoothing === 0) [losses, gradient] = crossEntropy(graph, logits, labels, 0)
  else {
    const evenly = smoothing / classes
    const targets = multiply(graph, oneHot(graph, labels, classes, 1 - smoothing + evenly, evenly), weights)
    const sums = sum(graph, targets, [1], true)
    whole = reshape(graph, sums, [-1])
    ;[losses, gradient] = softmaxCrossEntropy(graph, logits, divideOrZero(graph, targets, sums))
  }
  const shares = multiply(graph, whole, share)
  return {
    loss: sum(graph, multiply(graph, losses, shares), [0]),
    dLogits: multiply(graph, gradient, reshape(graph, shares, [-1, 1])),
  }
}

function softmaxCrossEntropy(graph: GraphBuilder, logits: Out, targets: Out): readonly [Out, Out] {
  const outputs = [{ dims: [-1] }, { dims: logits.dims }]
  return pair(graph.addMany('SoftmaxCrossEntropyWithLogits', [logits, targets], { T: { type: 'float32' } }, outputs))
}

function pair([losses, gradient]: readonly Out[]): readonly [Out, Out] {
  if (!losses || !gradient) throw new RangeError('the cross-entropy gives two outputs')
  return [losses, gradient]
}

/** `a / b`, and 0 where `b` is 0. */
function divideOrZero(graph: GraphBuilder, a: Out, b: Out): Out {
  return graph.add('DivNoNan', [a, b], { T: { type: 'float32' } }, { dims: a.dims })
}

function oneHot(graph: GraphBuilder, labels: Out, classes: number, on: number, off: number): Out {
  return graph.add(
    'OneHot',
    [labels, graph.constant('int32', [], [classes]), graph.scalar(on), graph.scalar(off)],
    { T: { type: 'float32' }, TI: { type: 'int32' }, axis: { int: -1 } },
    { dims: [-1, classes] },
  )
}

function countCorrect(graph: GraphBuilder, logits: Out, labels: Out): Out {
  const best = graph.add(
    'ArgMax',
    [logits, graph.constant('int32', [], [1])],
    { T: { type: 'float32' }, Tidx: { type: 'int32' }, output_type: { type: 'int32' } },
    { dims: [-1], dtype: 'int32' },
  )
  const equal = graph.add('Equal', [best, labels], { T: { type: 'int32' } }, { dims: [-1], dtype: 'bool' })
  return cast(graph, sum(graph, cast(graph, equal, 'float32'), [0]), 'int32')
}
