import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { catalogue } from '../../../shared/data/catalogue'
import { writeSafetensors } from '../../../shared/formats/safetensors'
import { requireSound } from '../../../shared/network/analyze'
import { elementCount } from '../../../shared/network/shape'
import { openStorage } from '../db/open'
import { createRunRecorder } from '../runs/run-recorder'
import { createRunService } from '../runs/run-service'
import { config, epochResult, smallNetwork, started, temporaryHome } from '../testing/fixtures'
import { runsHandlers } from './runs'

function setUp() {
  const home = temporaryHome()
  const storage = openStorage(home)
  onTestFinished(() => storage.close())
  const recorder = createRunRecorder(storage, { appVersion: '1', notify: () => undefined, log: () => undefined })
  const service = createRunService({
    recorder,
    findDataset: (id) => ({ info: catalogue[id], folder: '' }),
    launch: () => ({ send: () => undefined, ended: Promise.resolve() }),
    onIdle: () => undefined,
  })
  return { recorder, handlers: runsHandlers({ recorder, service }) }
}

function weightsOf() {
  const tensors = requireSound(smallNetwork).layers.flatMap(({ node, weights }) =>
    weights.map(({ name, shape }) => {
      const values = Float32Array.from({ length: elementCount(shape) }, (_, index) => index)
      return [`${node.id}.${name}`, { shape, values }] as const
    }),
  )
  return new Map(tensors)
}

function trainedRun({ recorder }: ReturnType<typeof setUp>): string {
  const { id } = recorder.create({ document: smallNetwork, config: config(), name: 'My / first run' })
  const slot = { shape: [1], values: Float32Array.of(1) }
  mkdirSync(recorder.folder(id), { recursive: true })
  const bytes = writeSafetensors(new Map([...weightsOf(), ['conv1.weight.exp_avg', slot]]))
  writeFileSync(join(recorder.folder(id), 'epoch-1.safetensors'), bytes)
  recorder.record(id, started)
  recorder.record(id, { type: 'epoch', result: epochResult(1), checkpoint: 'epoch-1.safetensors' })
  recorder.record(id, { type: 'stopped' })
  return id
}

test('kernels of a run that has ended come from its newest weights', async () => {
  const parts = setUp()
  const id = trainedRun(parts)
  const kernels = await parts.handlers['runs.kernels']({ id, layer: 'conv1' })
  expect(kernels?.shape).toEqual([2, 1, 3, 3])
  expect(kernels?.values[5]).toBe(5)
  expect(await parts.handlers['runs.kernels']({ id, layer: 'fc' })).toBeNull()
})

test('a run without weights has no kernels', async () => {
  const { recorder, handlers } = setUp()
  const { id } = recorder.create({ document: smallNetwork, config: config() })
  expect(await handlers['runs.kernels']({ id, layer: 'conv1' })).toBeNull()
})
