import { expect, it } from 'vitest'
import { momentText } from './moment-text'
import { momentsInOrder } from './use-replay'

it('goes from the random start to now, which is the last epoch of a run that has ended', () => {
  expect(momentsInOrder({ epochs: [0, 1, 2], live: false, endsWithEpoch: true })).toEqual([
    { type: 'epoch', epoch: 0 },
    { type: 'epoch', epoch: 1 },
    { type: 'now' },
  ])
})

it('puts the weights of this instant behind the last epoch while a run goes on', () => {
  expect(momentsInOrder({ epochs: [0, 1], live: true, endsWithEpoch: false })).toHaveLength(3)
  expect(momentsInOrder({ epochs: [], live: true, endsWithEpoch: false })).toEqual([{ type: 'now' }])
})

it('keeps the last epoch apart from what was learned after it', () => {
  const stopped = { epochs: [0, 1], live: false, endsWithEpoch: false }
  expect(momentsInOrder(stopped)).toEqual([{ type: 'epoch', epoch: 0 }, { type: 'epoch', epoch: 1 }, { type: 'now' }])
})

it('says which moment it is', () => {
  const ended = { epochs: [0, 4], live: false, endsWithEpoch: true }
  expect(momentText({ type: 'epoch', epoch: 0 }, ended)).toBe('Random start')
  expect(momentText({ type: 'now' }, ended)).toBe('After epoch 4')
  expect(momentText({ type: 'now' }, { ...ended, live: true, endsWithEpoch: false })).toBe('Live')
  expect(momentText({ type: 'now' }, { ...ended, endsWithEpoch: false })).toBe('Newest weights')
})
