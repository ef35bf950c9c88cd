import { expect, it } from 'vitest'
import { sampleMoments } from '../../testing/samples'
import { momentText } from './moment-text'
import { momentsInOrder } from './use-replay'

const now = { type: 'now' } as const
const within = { type: 'step', epoch: 1, step: 55 } as const

it('goes from the random start to now, which is the last checkpoint of a run that has ended', () => {
  const [start, first] = sampleMoments(2).stored
  expect(momentsInOrder(sampleMoments(2))).toEqual([start, first, now])
  const stopped = { stored: [...sampleMoments(1).stored, within], newest: within, live: false }
  expect(momentsInOrder(stopped)).toEqual([start, first, now])
  expect(momentText(now, stopped)).toBe('Epoch 2, step 55')
})

it('puts the weights of this instant behind the last checkpoint while a run goes on', () => {
  expect(momentsInOrder(sampleMoments(1, true))).toHaveLength(3)
  expect(momentsInOrder({ stored: [], newest: null, live: true })).toEqual([now])
})

it('keeps the best epoch, which a run ended with, apart from the last', () => {
  const best = { ...sampleMoments(3), newest: { type: 'epoch', epoch: 1 } as const }
  expect(momentsInOrder(best)).toHaveLength(5)
  expect(momentText(now, best)).toBe('Kept: After epoch 1')
})

it('says which moment it is', () => {
  const ended = sampleMoments(4)
  expect(momentText({ type: 'epoch', epoch: 0 }, ended)).toBe('Random start')
  expect(momentText(within, ended)).toBe('Epoch 2, step 55')
  expect(momentText(now, ended)).toBe('After epoch 4')
  expect(momentText(now, { ...ended, live: true })).toBe('Live')
  expect(momentText(now, { stored: [], newest: null, live: false })).toBe('Newest weights')
})
