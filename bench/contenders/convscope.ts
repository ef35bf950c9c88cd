import { readFileSync, writeFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { loadSplit } from '../../electron/data/datasets'
import { compileGraph } from '../../electron/trainer/engines/tensorflow/compile'
import { createTensorflowEngine } from '../../electron/trainer/engines/tensorflow/engine'
import { serializeGraph } from '../../electron/trainer/engines/tensorflow/graph/saved-model'
import { initialWeights } from '../../electron/trainer/engines/weights/initial'
import type { LabelledImages } from '../../shared/data/dataset'
import { requireSound } from '../../shared/network/analyze'
import { parseNetwork } from '../../shared/network/parse'
import { optimizerSchema } from '../../shared/training/config'
import { createRandom, permutation } from '../../shared/training/random'

// Says {"ready"}, then trains one epoch for every line "epoch" and says its seconds; "quit" ends it with its peak memory.
// With a third argument it only writes the graph that it would run, for the profiler.
const [batchSize = 64, count = 12_000] = process.argv.slice(2).map(Number)
const dumpTo = process.argv[4]

const reference = new URL('../../resources/networks/reference.json', import.meta.url)
const network = requireSound(parseNetwork(readFileSync(reference, 'utf8'), 'reference.json'))
const data = first(loadSplit('fashion-mnist', 'train', process.env.CONVSCOPE_FASHION_MNIST), count)
const job = {
  network,
  loss: { type: 'cross-entropy', label_smoothing: 0 },
  optimizer: optimizerSchema.parse({ type: 'adam' }),
  data,
} as const

if (dumpTo) {
  const { graph, train } = compileGraph(job)
  writeFileSync(dumpTo, serializeGraph(graph.nodes))
  writeFileSync(`${dumpTo}.json`, JSON.stringify({ feeds: train?.feeds, fetches: train?.trained, batchSize, count }))
} else {
  const compiled = await (await createTensorflowEngine()).compile(job)
  compiled.setWeights(initialWeights(network, 'pytorch', 1))
  let epoch = 0
  say({ ready: true })
  for await (const line of createInterface({ input: process.stdin })) {
    if (line === 'quit') break
    say(trainEpoch(++epoch))
  }
  say({ peakBytes: process.resourceUsage().maxRSS * 1024 })
  process.exit(0)

  function trainEpoch(number: number) {
    const started = performance.now()
    const order = permutation(count, createRandom(1, 'order', number))
    let loss = 0
    for (let start = 0; start < count; start += batchSize) {
      const indices = order.subarray(start, start + batchSize)
      loss += compiled.trainStep({ indices, learningRate: 1e-3, seed: [number, start] }).loss * indices.length
    }
    return { seconds: (performance.now() - started) / 1000, loss: loss / count }
  }
}

function say(message: object): void {
  process.stdout.write(`${JSON.stringify(message)}\n`)
}

function first({ shape, images, labels }: LabelledImages, n: number): LabelledImages {
  const size = shape[0] * shape[1] * shape[2]
  return { count: n, shape, images: images.slice(0, n * size), labels: labels.slice(0, n) }
}
