import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { generateKeras } from '../../shared/codegen/keras'
import { generatePyTorch } from '../../shared/codegen/pytorch'
import { readNetwork } from '../../shared/network/parse'
import { optimizerTypes, runConfigSchema } from '../../shared/training/config'
import { createRandom } from '../../shared/training/random'
import { python, reason } from './python'

const network = readNetwork(
  {
    format: 'convscope.network',
    version: 1,
    name: 'Small',
    layers: [
      { id: 'input', kind: 'input', params: { height: 8, width: 8, channels: 1 } },
      { id: 'conv', kind: 'conv2d', params: { out_channels: 4, kernel_size: 3 }, inputs: ['input'] },
      { id: 'bn', kind: 'batch_norm2d', inputs: ['conv'] },
      { id: 'relu', kind: 'relu', inputs: ['bn'] },
      { id: 'flatten', kind: 'flatten', inputs: ['relu'] },
      { id: 'drop', kind: 'dropout', params: { p: 0.1 }, inputs: ['flatten'] },
      { id: 'fc', kind: 'linear', params: { out_features: 10 }, inputs: ['drop'] },
    ],
  },
  'Small',
)

const schedules = [{ type: 'constant' }, { type: 'step', step_size: 2 }, { type: 'cosine', min_rate: 1e-5 }]
const losses = [{ type: 'cross-entropy' }, { type: 'mse' }, { type: 'cross-entropy', label_smoothing: 0.1 }]

/** Every optimizer, schedule, loss and initialisation occurs. */
const configs = optimizerTypes.map((type, index) =>
  runConfigSchema.parse({
    optimizer: { type, weight_decay: index % 2 === 0 ? 0.001 : 0 },
    schedule: schedules[index % 3],
    loss: losses[(index + 1) % 3],
    init: (['pytorch', 'glorot', 'he'] as const)[index % 3],
    shuffle: index !== 1,
    validation_split: index === 2 ? 0 : 0.1,
    limit: index === 3 ? 150 : null,
    learning_rate: type === 'sgd' || type === 'momentum' || type === 'nesterov' ? 0.02 : 0.003,
    epochs: 6,
    batch_size: 20,
  }),
)

describe.each([
  { name: 'torch', generate: generatePyTorch },
  { name: 'keras', generate: generateKeras },
])(`generated $name script${reason}`, ({ generate }) => {
  let folder = ''

  beforeAll(() => {
    if (python === null) return
    folder = mkdtempSync(join(tmpdir(), 'convscope-codegen-train-'))
    writeData(folder)
    for (const [index, config] of configs.entries()) {
      writeFileSync(join(folder, `run${index}.py`), generate(network, config).text)
    }
    const script = join(import.meta.dirname, 'run_generated.py')
    const args = [script, 'train', folder, ...configs.map((_config, index) => `run${index}`)]
    const { status, stderr } = spawnSync(python, args, { encoding: 'utf8' })
    if (status !== 0) throw new Error(stderr)
  }, 600_000)

  afterAll(() => {
    if (folder) rmSync(folder, { recursive: true, force: true })
  })

  it.skipIf(python === null).each(configs.map((config, index) => [config.optimizer.type, index] as const))(
    'learns with %s',
    (_type, index) => {
      const error = join(folder, `run${index}.error`)
      expect(existsSync(error) ? readFileSync(error, 'utf8') : '').toBe('')
      const log = readFileSync(join(folder, `run${index}.log`), 'utf8')
      const losses = [...log.matchAll(/\bloss:? (\d[\d.e-]*)/g)].map(([, value]) => Number(value))
      expect(losses.length).toBeGreaterThan(5)
      expect(losses[5]).toBeLessThan((losses[0] ?? 0) * 0.95)
      expect(log).toMatch(/test loss \d+\.\d+, accuracy \d\.\d+/)
      expect(Number(/test .*accuracy (\S+)/.exec(log)?.[1])).toBeGreaterThan(0.5)
    },
  )
})

/** IDX files of pictures whose class is the place of a bright pixel. */
function writeData(to: string): void {
  for (const [prefix, count] of [
    ['train', 400],
    ['t10k', 100],
  ] as const) {
    const random = createRandom('idx', prefix)
    const labels = Uint8Array.from({ length: count }, (_, index) => index % 10)
    const images = Uint8Array.from({ length: count * 64 }, (_, index) =>
      (index % 64) >> 1 === 3 * (labels[index >> 6] ?? 0) ? 255 : random.uint32() & 63,
    )
    writeFileSync(join(to, `${prefix}-images-idx3-ubyte`), idx([count, 8, 8], images))
    writeFileSync(join(to, `${prefix}-labels-idx1-ubyte`), idx([count], labels))
  }
}

function idx(sizes: readonly number[], values: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(4 + 4 * sizes.length + values.length)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, 0x0800 + sizes.length)
  sizes.forEach((size, axis) => view.setUint32(4 + 4 * axis, size))
  bytes.set(values, 4 + 4 * sizes.length)
  return bytes
}
