import { expect, it } from 'vitest'
import { AppError } from '../../../shared/errors'
import { momentKey } from '../../../shared/inspect/source'
import { useFakeBridge } from '../../testing/mount-window'
import { sampleKernels, sampleMoments } from '../../testing/samples'
import { askMoments, mostFrames, thinned } from './ask-moments'

const run = '11111111-1111-4111-8111-111111111111'
const query = { type: 'kernels', layer: 'conv1' } as const
const gathering = { isWanted: () => true, onProgress: () => undefined }

it('leaves out moments that are cleared away while it asks', async () => {
  useFakeBridge({
    'inspect.ask': ({ source: { moment } }) => {
      if (momentKey(moment) === '1') throw new AppError('not-found', 'The weights of epoch 1 are not there.')
      return sampleKernels(1)
    },
  })
  const frames = await askMoments(run, sampleMoments(3), query, gathering)
  expect(frames?.map(({ moment }) => momentKey(moment))).toEqual(['0', '2', 'now'])
})

it('says what is missing where nothing is left, and what else went wrong', async () => {
  useFakeBridge({
    'inspect.ask': () => {
      throw new AppError('not-found', 'gone')
    },
  })
  await expect(askMoments(run, sampleMoments(1), query, gathering)).rejects.toThrow('gone')
  useFakeBridge({
    'inspect.ask': () => {
      throw new AppError('inspector-crashed', 'It ended.')
    },
  })
  await expect(askMoments(run, sampleMoments(1), query, gathering)).rejects.toThrow('It ended.')
})

it('ends when nobody waits for it any more', async () => {
  const { log } = useFakeBridge({ 'inspect.ask': () => sampleKernels(1) })
  const frames = await askMoments(run, sampleMoments(3), query, { ...gathering, isWanted: () => false })
  expect(frames).toBeNull()
  expect(log.filter(({ name }) => name === 'inspect.ask')).toHaveLength(1)
})

it('takes evenly chosen ones of many, with both ends', () => {
  const all = Array.from({ length: 1001 }, (_, at) => at)
  const chosen = thinned(all, mostFrames)
  expect([chosen.length, chosen[0], chosen.at(-1)]).toEqual([mostFrames, 0, 1000])
  expect(new Set(chosen.map((at, index) => at - (chosen[index - 1] ?? at - 5)))).toEqual(new Set([5, 6]))
  expect(thinned([1, 2, 3], mostFrames)).toEqual([1, 2, 3])
})
