import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { writeSafetensors } from '../../../shared/formats/safetensors'
import { requireSound } from '../../../shared/network/analyze'
import { elementCount } from '../../../shared/network/shape'
import { earlyStoppingSchema } from '../../../shared/training/config'
import { config, epochResult, smallNetwork, temporaryHome } from '../testing/fixtures'
import { exportJob } from './export-job'

/** A run of three epochs, the second of which was the most accurate and gave the run its weights at the end. */
function setUp() {
  const folder = temporaryHome()
  const tensors = requireSound(smallNetwork).layers.flatMap(({ node, weights }) =>
    weights.map(
      ({ name, shape }) => [`${node.id}.${name}`, { shape, values: new Float32Array(elementCount(shape)) }] as const,
    ),
  )
  const weights = writeSafetensors(new Map(tensors))
  for (const name of ['epoch-0000', 'epoch-0001', 'epoch-0002', 'epoch-0003']) {
    mkdirSync(join(folder, name))
    writeFileSync(join(folder, name, 'weights.safetensors'), weights)
  }
  const accuracies = [0.5, 0.9, 0.7]
  const losses = [0.6, 0.5, 0.4]
  const epochs = [1, 2, 3].map((epoch) => {
    const score = { loss: losses[epoch - 1] ?? NaN, accuracy: accuracies[epoch - 1] ?? NaN }
    return { ...epochResult(epoch), train: score, validation: score }
  })
  const detail = {
    name: 'Run',
    document: smallNetwork,
    epochs,
    config: config({ early_stopping: earlyStoppingSchema.parse({ monitor: 'accuracy' }) }),
  }
  const recorder = {
    get: () => detail,
    folder: () => folder,
    checkpoint: () => join(folder, 'epoch-0002', 'weights.safetensors'),
    steps: () => [],
  }
  const surroundings = { recorder, version: '1', dataFolder: () => folder } as unknown as Parameters<
    typeof exportJob
  >[2]
  return { folder, surroundings }
}

test.each([
  ['safetensors', { type: 'last' }, 'epoch-0002'],
  ['safetensors', { type: 'best' }, 'epoch-0002'],
  ['safetensors', { type: 'epoch', epoch: 1 }, 'epoch-0001'],
  ['pytorch-project', { type: 'last' }, 'epoch-0003'],
  ['pytorch-project', { type: 'best' }, 'epoch-0002'],
  ['pytorch-project', { type: 'epoch', epoch: 0 }, 'epoch-0000'],
] as const)('%s of %o takes the weights of %s', async (format, moment, expected) => {
  const { folder, surroundings } = setUp()
  const { job, moment: name } = await exportJob({ run: 'r', format, moment, zip: false }, '/target', surroundings)
  expect(name).toBe(expected)
  expect(job.weights).toBe(join(folder, expected, 'weights.safetensors'))
  const project = { checkpoint: join(folder, expected), zip: false }
  expect(job.project).toEqual(format === 'pytorch-project' ? project : null)
})
