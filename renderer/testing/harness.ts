import '../zod-setup'
import type { Bridge, RunSummary } from '../../shared/ipc/contract'
import { AppError } from '../../shared/errors'
import type { LabelledImages } from '../../shared/data/dataset'
import { runConfigSchema } from '../../shared/training/config'
import { createFakeBridge } from './fake-bridge'
import { generatedNetwork } from './generated-network'
import { sampleAnswer } from './inside-answers'
import { simulateInspector } from './simulated-inspector'
import { sampleExperiment } from './sample-experiment'
import { fashionEntry, mnistEntry, sampleEpoch, sampleRun } from './samples'
import { fakeLoss, simulateRuns } from './simulation'

// The product's own window on a simulated main process, to look at screens in a browser.
// `?theme=dark&locale=zh-CN&runs=many&fail=datasets.list&layers=200&mnist=<address of the IDX files>`
const query = new URLSearchParams(location.search)
/** `&sweep=<number of seeds>` has an experiment. */
const sweep = query.has('sweep')
  ? sampleExperiment(Array.from({ length: Number(query.get('sweep')) || 1 }, (_, index) => index + 1))
  : null
const bridge = createFakeBridge({
  'settings.get': () => ({
    theme: query.get('theme') === 'dark' ? 'dark' : 'light',
    locale: query.get('locale') === 'zh-CN' ? 'zh-CN' : 'en',
    notifications: true,
  }),
  'datasets.list': () => [mnistEntry, fashionEntry],
  'runs.list': () => [...(query.has('runs') ? pastRuns() : []), ...(sweep?.runs ?? [])],
  'experiments.list': () => (sweep ? [sweep.experiment] : []),
  'experiments.results': () => sweep?.results ?? [],
  'queue.get': () => ({
    order: sweep?.runs.flatMap(({ id, state }) => (state.type === 'queued' ? [id] : [])) ?? [],
    held: query.has('held') ? 'restart' : null,
  }),
  'runs.steps': () => pastSteps(Number(query.get('steps') ?? 4220)),
  'inspect.ask': ({ source, query: asked }) => sampleAnswer(source, asked),
})
simulateRuns(bridge)
simulateInspector(bridge)
const layers = Number(query.get('layers') ?? 0)
if (layers > 0) bridge.answers['networks.reference'] = () => generatedNetwork(layers)

const mnist = query.get('mnist')
if (mnist) bridge.answers['datasets.samples'] = ({ split, offset, count }) => readIdx(mnist, split, offset, count)
const failing = query.get('fail')
if (failing) {
  const fail = () => {
    throw new AppError('database-locked', 'The file convscope.db is held by another process (4711).')
  }
  Object.assign(bridge.answers, Object.fromEntries(failing.split(',').map((name) => [name, fail])))
}

Object.defineProperty(window, 'convscope', { value: bridge satisfies Bridge })
Object.defineProperty(window, 'fake', { value: bridge })
await import('../main')

const files = new Map<string, Promise<Uint8Array>>()

function readFile(address: string): Promise<Uint8Array> {
  const known = files.get(address) ?? fetch(address).then(async (reply) => new Uint8Array(await reply.arrayBuffer()))
  files.set(address, known)
  return known
}

async function readIdx(base: string, split: string, offset: number, count: number): Promise<LabelledImages> {
  const name = split === 'train' ? 'train' : 't10k'
  const part = async (file: string, head: number, size: number) => {
    const bytes = await readFile(`${base}/${name}-${file}`)
    return bytes.slice(head + offset * size, head + (offset + count) * size)
  }
  const [images, labels] = await Promise.all([part('images-idx3-ubyte', 16, 784), part('labels-idx1-ubyte', 8, 1)])
  return { count, shape: [28, 28, 1], images, labels }
}

function pastSteps(count: number) {
  const step = Int32Array.from({ length: count }, (_, i) => i + 1)
  return { step, loss: Float32Array.from(step, fakeLoss), learningRate: new Float32Array(count).fill(1e-3) }
}

function pastRuns(): RunSummary[] {
  const hour = 3_600_000
  const ended = (hours: number, part: Partial<RunSummary>) =>
    sampleRun({ createdAt: Date.now() - hours * hour, endedAt: Date.now() - hours * hour + 83_000, ...part })
  return [
    ended(1, { state: { type: 'finished', test: { loss: 0.0287, accuracy: 0.9912 } }, lastEpoch: sampleEpoch(5) }),
    ended(3, {
      name: 'Nesterov, cosine, batch 256',
      config: runConfigSchema.parse({
        optimizer: { type: 'nesterov' },
        learning_rate: 0.02,
        batch_size: 256,
        schedule: { type: 'cosine' },
      }),
      state: { type: 'finished', test: { loss: 0.0341, accuracy: 0.9889 } },
      lastEpoch: sampleEpoch(5, 0.05),
    }),
    ended(26, { name: 'Reference CNN on MNIST 2', state: { type: 'stopped' }, lastEpoch: sampleEpoch(2) }),
    ended(30, {
      name: 'Learning rate too high',
      config: runConfigSchema.parse({ optimizer: { type: 'sgd' }, learning_rate: 30 }),
      state: {
        type: 'failed',
        error: {
          kind: 'not-a-number',
          message: 'The loss of step 14 is NaN.',
          fix: 'Choose a smaller learning rate.',
          params: {},
        },
      },
    }),
    ended(300, {
      name: 'Without TensorFlow',
      engine: {
        id: 'eager',
        version: 'tfjs-core 4.22.0',
        device: 'JavaScript',
        notice: 'libtensorflow is not installed; run the set-up to fetch it.',
      },
      config: runConfigSchema.parse({ limit: 2000 }),
      state: { type: 'finished', test: { loss: 0.19, accuracy: 0.941 } },
      lastEpoch: sampleEpoch(3),
    }),
  ]
}
