import { flushPromises } from '@vue/test-utils'
import { expect, it, vi } from 'vitest'
import { watchEffect } from 'vue'
import { useFakeBridge } from '../testing/mount-window'
import { spansOf, usePictures } from './pictures'

it('fetches what is near each other together, and the rest apart', () => {
  expect(spansOf([400, 3, 5, 3, 11, 700])).toEqual([
    { offset: 3, count: 9 },
    { offset: 400, count: 1 },
    { offset: 700, count: 1 },
  ])
  expect(spansOf([])).toEqual([])
})

it('never asks for more than the call takes', () => {
  const spans = spansOf(Array.from({ length: 2500 }, (_, i) => i))
  expect(spans.map((span) => span.count)).toEqual([1000, 1000, 500])
})

it('keeps what was fetched, and asks for nothing twice', async () => {
  const bridge = useFakeBridge()
  const pictures = usePictures()
  pictures.want('mnist', 'test', [7, 1200])
  pictures.want('mnist', 'test', [8])
  expect(pictures.find('mnist', 'test', 7)).toBeNull()
  await flushPromises()
  // The fake's label is the index modulo 10.
  expect(pictures.find('mnist', 'test', 7)?.labels[0]).toBe(7)
  expect(pictures.find('mnist', 'test', 1200)?.labels[0]).toBe(0)
  expect(pictures.find('mnist', 'train', 7)).toBeNull()
  pictures.want('mnist', 'test', [7, 8])
  await flushPromises()
  expect(bridge.log.filter((call) => call.name === 'datasets.samples')).toHaveLength(2)
})

it('asks for a picture that is on its way no second time, however often it is wanted', async () => {
  let release: () => void = () => undefined
  const bridge = useFakeBridge()
  const samples = bridge.answers['datasets.samples']
  bridge.answers['datasets.samples'] = async (input) => {
    if (input.offset === 900) await new Promise<void>((resolve) => (release = resolve))
    return samples(input)
  }
  const pictures = usePictures()
  const drawn = vi.fn(() => {
    pictures.want('mnist', 'test', [3, 900])
    return pictures.find('mnist', 'test', 3)
  })
  const end = watchEffect(drawn)
  await flushPromises()
  expect(drawn.mock.results.at(-1)?.value).not.toBeNull()
  release()
  await flushPromises()
  expect(pictures.find('mnist', 'test', 900)).not.toBeNull()
  expect(bridge.log.filter((call) => call.name === 'datasets.samples')).toHaveLength(2)
  end()
})
