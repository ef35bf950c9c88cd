import { describe, expect, it } from 'vitest'
import { nextFrame, useFakeBridge } from '../testing/mount-window'
import { referenceNetwork, sampleEpoch, sampleKernels, sampleRun } from '../testing/samples'
import { useSeries } from './series'

const id = '00000000-0000-4000-8000-000000000001'

function columns(count: number) {
  const step = Int32Array.from({ length: count }, (_, i) => i + 1)
  return { step, loss: Float32Array.from(step, (n) => 1 / n), learningRate: new Float32Array(count).fill(0.5) }
}
function record(step: number) {
  return { step, loss: 1 / step, learningRate: 0.5 }
}

describe('steps', () => {
  it('grow with live ones and count a version once a frame', async () => {
    useFakeBridge()
    const series = useSeries()
    series.addSteps(id, [record(1), record(2)])
    series.addSteps(id, [record(3)])
    expect(series.versions.get(id)).toBeUndefined()
    await nextFrame()
    expect(series.versions.get(id)).toBe(1)
    expect([...series.steps(id).step]).toEqual([1, 2, 3])
  })

  it('joins stored and live ones without gaps or doubles', async () => {
    const bridge = useFakeBridge({ 'runs.steps': () => columns(5) })
    const series = useSeries()
    // Seen live and not yet written by main:
    series.addSteps(id, [4, 5, 6, 7].map(record))
    const loading = series.load(id)
    series.addSteps(id, [7, 8, 9].map(record))
    await loading
    expect([...series.steps(id).step]).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9])
    await series.load(id)
    expect(bridge.log.filter((call) => call.name === 'runs.steps')).toHaveLength(1)
  })

  it('keeps what came live when loading fails, and tries again', async () => {
    let broken = true
    useFakeBridge({
      'runs.steps': () => {
        if (broken) throw new Error('locked')
        return columns(2)
      },
    })
    const series = useSeries()
    series.addSteps(id, [record(1)])
    await expect(series.load(id)).rejects.toThrow('locked')
    expect([...series.steps(id).step]).toEqual([1])
    broken = false
    await series.load(id)
    expect([...series.steps(id).step]).toEqual([1, 2])
  })
})

it('takes epochs once, in order', async () => {
  useFakeBridge({
    'runs.get': () => ({
      ...sampleRun({ id }),
      document: referenceNetwork(),
      epochs: [sampleEpoch(1), sampleEpoch(2)],
    }),
  })
  const series = useSeries()
  series.addEpoch(id, sampleEpoch(3))
  series.addEpoch(id, sampleEpoch(2))
  await series.load(id)
  expect(series.epochs.get(id)?.map((result) => result.epoch)).toEqual([1, 2, 3])
})

it('prefers live kernels to stored ones, and forgets all of a deleted run', async () => {
  useFakeBridge()
  const series = useSeries()
  series.addKernels({ id, step: 12, kernels: sampleKernels(0) })
  await nextFrame()
  await series.loadKernels(id, 'conv1')
  expect(series.kernels.get(id)?.step).toBe(12)
  series.forget(id)
  expect(series.kernels.has(id)).toBe(false)
  expect(series.steps(id).step).toHaveLength(0)
})
