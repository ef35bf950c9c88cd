import { describe, expect, it } from 'vitest'
import { referenceNetwork, sampleEpoch, sampleRun } from '../../testing/samples'
import { firstConvolution, outcomeOf, runSeconds, shareDone, stepsPerEpoch } from './run-facts'

describe('outcomeOf', () => {
  it('is the test result once there is one, else the last epoch', () => {
    expect(outcomeOf(sampleRun())).toBeNull()
    const running = sampleRun({ lastEpoch: sampleEpoch(2) })
    expect(outcomeOf(running)).toMatchObject({ type: 'validation', epoch: 2 })
    expect(outcomeOf({ ...running, lastEpoch: { ...sampleEpoch(2), validation: null } })?.type).toBe('training')
    const finished = sampleRun({ state: { type: 'finished', test: { loss: 0.1, accuracy: 0.97 } } })
    expect(outcomeOf(finished)).toEqual({ type: 'test', loss: 0.1, accuracy: 0.97 })
  })
})

it('measures time and progress', () => {
  expect(runSeconds(sampleRun({ createdAt: 1000, endedAt: 4000 }), 99_000)).toBe(3)
  expect(runSeconds(sampleRun({ createdAt: 1000 }), 3000)).toBe(2)
  const progress = { epoch: 1, epochs: 4, step: 5, totalSteps: 20, imagesPerSecond: 1, secondsLeft: null }
  expect(shareDone(progress)).toBe(0.25)
  expect(shareDone(null)).toBeNull()
  expect(stepsPerEpoch(progress)).toBe(5)
})

it('finds the first convolution', () => {
  expect(firstConvolution(referenceNetwork())).toBe('conv1')
})
