import { expect, test, vi } from 'vitest'
import { catalogue } from '../../../shared/data/catalogue'
import type { Dataset, DatasetId } from '../../../shared/data/dataset'
import { AppError } from '../../../shared/errors'
import { datasetsHandlers } from './datasets'

/** Five pictures of 28 × 28, each filled with its own number. */
function dataset(id: DatasetId): Dataset {
  const size = 28 * 28
  const images = Uint8Array.from({ length: 5 * size }, (_, index) => Math.floor(index / size))
  const split = { count: 5, shape: [28, 28, 1] as const, images, labels: Uint8Array.of(9, 8, 7, 6, 5) }
  return { info: catalogue[id], train: split, test: split }
}

function setUp() {
  const load = vi.fn((id: DatasetId): Dataset => {
    if (id === 'fashion-mnist') throw new AppError('data-missing', 'not there')
    return dataset(id)
  })
  return { load, handlers: datasetsHandlers({ infos: catalogue, load }) }
}

test('the list says what is missing, and looks again the next time', async () => {
  const { load, handlers } = setUp()
  const list = await handlers['datasets.list'](undefined)
  expect(list.map(({ info, problem }) => [info.id, problem?.kind])).toEqual([
    ['mnist', undefined],
    ['fashion-mnist', 'data-missing'],
  ])
  await handlers['datasets.list'](undefined)
  expect(load.mock.calls.map(([id]) => id)).toEqual(['mnist', 'fashion-mnist', 'fashion-mnist'])
})

test('samples are copies of just the pictures asked for, up to the end', async () => {
  const { handlers } = setUp()
  const samples = await handlers['datasets.samples']({ id: 'mnist', split: 'test', offset: 3, count: 10 })
  expect(samples.count).toBe(2)
  expect([...samples.labels]).toEqual([6, 5])
  expect(samples.images[0]).toBe(3)
  expect(samples.images.buffer.byteLength).toBe(2 * 28 * 28)
  const none = await handlers['datasets.samples']({ id: 'mnist', split: 'test', offset: 99, count: 10 })
  expect(none.count).toBe(0)
})

test('labels are of a whole split', async () => {
  const { handlers } = setUp()
  expect(await handlers['datasets.labels']({ id: 'mnist', split: 'test' })).toEqual(Uint8Array.of(9, 8, 7, 6, 5))
})
