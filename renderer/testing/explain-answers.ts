import type { InspectAnswer, MaximiseAnswer, Patch, PredictionsAnswer } from '../../shared/inspect/answers'
import { argMax, softmax } from '../../shared/inspect/metrics'
import type { InspectQuery, QueryOf } from '../../shared/inspect/queries'
import { analyzeNetwork } from '../../shared/network/analyze'
import { createRandom } from '../../shared/training/random'
import { referenceNetwork } from './samples'

// What an inspector might answer about MNIST: made up, but as a network's answers look.

const classes = 10
const side = 28
/** True class, and what it is taken for now and then. */
const confusions: readonly (readonly [label: number, other: number])[] = [
  [4, 9],
  [7, 2],
  [5, 3],
  [9, 4],
  [8, 3],
]

/** The answer to a question about explanations and mistakes; null for other questions. */
export function explainAnswer(query: InspectQuery): InspectAnswer | null {
  switch (query.type) {
    case 'activations': {
      const index = query.picture.type === 'dataset' ? query.picture.index : 3
      const logits = logitsOf(index)
      const label = query.picture.type === 'dataset' ? index % classes : null
      return { layers: [], pages: [], logits, probabilities: Float32Array.from(softmax(logits)), label }
    }
    case 'attribution':
      return attribution(query)
    case 'maximise':
      return maximised(query, query.iterations)
    case 'topPatches':
      return topPatches(query)
    case 'predictions':
      return predictions(query.limit ?? 10_000)
    case 'embedding':
      return embedding(query)
    default:
      return null
  }
}

function logitsOf(index: number): Float32Array {
  const random = createRandom(index, 'logits')
  const label = index % classes
  const logits = Float32Array.from({ length: classes }, () => random.uniform() * 4)
  logits[label] = 7 + random.uniform() * 6
  const [, other] = confusions.find(([from]) => from === label) ?? []
  if (other !== undefined && random.uniform() < 0.06) logits[other] = 8 + random.uniform() * 4
  return logits
}

function predictions(count: number): PredictionsAnswer {
  const logits = new Float32Array(count * classes)
  const labels = Uint8Array.from({ length: count }, (_, index) => index % classes)
  const losses = new Float32Array(count)
  for (let index = 0; index < count; index++) {
    const row = logitsOf(index)
    logits.set(row, index * classes)
    losses[index] = -Math.log(softmax(row)[labels[index] ?? 0] ?? NaN)
  }
  return { count, classes, labels, logits, losses }
}

function attribution({ method, class: about, picture }: QueryOf<'attribution'>): InspectAnswer {
  const size = method === 'gradCam' ? 5 : side
  const signed = method === 'integratedGradients' || method === 'occlusion'
  const random = createRandom(about, method)
  const [x, y] = [0.3 + random.uniform() * 0.4, 0.3 + random.uniform() * 0.4]
  const values = Float32Array.from({ length: size * size }, (_, at) => {
    const [across, down] = [((at % size) + 0.5) / size - x, (Math.floor(at / size) + 0.5) / size - y]
    const bump = Math.exp(-(across * across + down * down) * 24)
    const noise = (random.uniform() - 0.5) * (method === 'saliency' ? 0.5 : 0.1)
    return signed ? bump - 0.5 * Math.exp(-((across + 0.3) ** 2 + down * down) * 30) + noise : Math.abs(bump + noise)
  })
  const index = picture.type === 'dataset' ? picture.index : 3
  const logits = logitsOf(index)
  const sum = values.reduce((total, value) => total + value, 0)
  const logit = logits[about] ?? 0
  return {
    height: size,
    width: size,
    values,
    logit,
    probability: softmax(logits)[about] ?? 0,
    baselineLogit: method === 'integratedGradients' ? logit - sum * 1.01 : null,
    layer: method === 'gradCam' ? 'pool2' : null,
  }
}

/** As it looks after `iterations` of them. */
export function maximised({ seed, channel }: QueryOf<'maximise'>, iterations: number): MaximiseAnswer {
  const random = createRandom(seed, 'picture')
  const values = Float32Array.from({ length: side * side }, (_, at) => {
    const wave = Math.sin((at % side) * 0.5 + channel) * Math.cos(Math.floor(at / side) * 0.4)
    return 0.5 + (0.4 * wave * iterations) / (iterations + 30) + (random.uniform() - 0.5) * 0.1
  })
  const history = Float32Array.from({ length: iterations + 1 }, (_, i) => (18 * i) / (i + 40))
  return { shape: [side, side, 1], values, history }
}

function topPatches({ layer, count }: QueryOf<'topPatches'>): InspectAnswer {
  const shape = analyzeNetwork(referenceNetwork()).byId.get(layer)?.shape ?? []
  const [rows = 1, columns = 1] = shape.length === 3 ? shape : []
  const channels = Array.from({ length: shape.at(-1) ?? 0 }, (_, channel) => {
    const random = createRandom(channel, layer)
    const best = Array.from({ length: count }, (_, rank): Patch => {
      const index = Math.floor(random.uniform() * 10_000)
      const [row, column] = [Math.floor(random.uniform() * rows), Math.floor(random.uniform() * columns)]
      const window = { top: row * 4 - 2, left: column * 4 - 2, height: 10, width: 10 }
      return { index, label: index % classes, score: 6 - rank * 0.3, row, column, window }
    })
    return { channel, best, worst: [] }
  })
  return { layer, channels, looked: 10_000 }
}

function embedding({ count, seed }: QueryOf<'embedding'>): InspectAnswer {
  const random = createRandom(seed, 'embedding')
  const indices = Int32Array.from({ length: count }, (_, at) => at)
  const labels = Uint8Array.from(indices, (index) => index % classes)
  const predicted = Uint8Array.from(indices, (index) => argMax(logitsOf(index)))
  const [x, y] = [new Float32Array(count), new Float32Array(count)]
  for (let at = 0; at < count; at++) {
    // A mistake lies where the class it was taken for does.
    const angle = ((predicted[at] ?? 0) / classes) * Math.PI * 2
    const far = Math.sqrt(-2 * Math.log(1 - random.uniform())) * 1.1
    const turn = random.uniform() * Math.PI * 2
    x[at] = 9 * Math.cos(angle) + far * Math.cos(turn)
    y[at] = 7 * Math.sin(angle) + far * Math.sin(turn)
  }
  return { layer: 'relu4', indices, labels, predicted, x, y }
}
