import { expect, it } from 'vitest'
import { AppError } from '../../shared/errors'
import { useFakeBridge } from '../testing/mount-window'
import { useDatasets } from './datasets'

it('fetches a page once, and again after a failure', async () => {
  let broken = true
  const bridge = useFakeBridge()
  const { 'datasets.samples': answer } = bridge.answers
  bridge.answers['datasets.samples'] = (input) => {
    if (broken) throw new AppError('data-corrupt', 'cut short')
    return answer(input)
  }
  const datasets = useDatasets()
  await datasets.fetch('mnist', 'train', 0, 10)
  expect(datasets.page('mnist', 'train', 0, 10)).toMatchObject({ type: 'failed', error: { kind: 'data-corrupt' } })
  broken = false
  await datasets.fetch('mnist', 'train', 0, 10)
  await datasets.fetch('mnist', 'train', 0, 10)
  expect(datasets.page('mnist', 'train', 0, 10)?.type).toBe('ready')
  expect(bridge.log.filter((call) => call.name === 'datasets.samples')).toHaveLength(2)
})

it('keeps the selected picture alone', async () => {
  useFakeBridge()
  const datasets = useDatasets()
  await datasets.fetch('mnist', 'test', 20, 10)
  const page = datasets.page('mnist', 'test', 20, 10)
  if (page?.type !== 'ready') throw new Error('no page')
  datasets.select({ dataset: 'mnist', split: 'test', index: 23 }, page.images, 3)
  expect(datasets.selectedImages?.count).toBe(1)
  expect([...(datasets.selectedImages?.labels ?? [])]).toEqual([3])
  expect(datasets.selectedImages?.images).toHaveLength(784)
})

it('says why the list cannot be read', async () => {
  useFakeBridge({
    'datasets.list': () => {
      throw new AppError('permission-denied', 'no access')
    },
  })
  const datasets = useDatasets()
  await datasets.load()
  expect(datasets.status).toBe('failed')
})
