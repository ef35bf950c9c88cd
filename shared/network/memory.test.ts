import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { AppError } from '../errors'
import { requireSound, type SoundNetwork } from './analyze'
import { estimateTrainingMemory, refuseIfTooLarge } from './memory'
import { parseNetwork, readNetwork } from './parse'

const text = readFileSync(new URL('../../resources/networks/reference.json', import.meta.url), 'utf8')
const reference = requireSound(parseNetwork(text, 'reference.json'))

function chain(...layers: [id: string, kind: string, params?: object][]): SoundNetwork {
  const input = { id: 'input', kind: 'input', params: { height: 10, width: 10, channels: 2 } }
  const nodes = layers.map(([id, kind, params = {}], at) => ({
    id,
    kind,
    params,
    inputs: [layers[at - 1]?.[0] ?? 'input'],
  }))
  return requireSound(
    readNetwork({ format: 'convscope.network', version: 1, name: 'Test', layers: [input, ...nodes] }, 'test'),
  )
}

describe('estimateTrainingMemory', () => {
  it('counts weights, gradients and the optimizer’s slots', () => {
    const adam = estimateTrainingMemory(reference, 64, 'adam')
    const trained = 4 * reference.parameterCount
    // Beside the trained values, a mean and a variance for each of 75 channels.
    expect(adam).toMatchObject({ weights: trained + 4 * 150, gradients: trained, slots: 2 * trained })
    expect(estimateTrainingMemory(reference, 64, 'sgd').slots).toBe(0)
    expect(estimateTrainingMemory(reference, 64, 'nesterov').slots).toBe(trained)
    const { total, ...parts } = adam
    expect(total).toBe(Object.values(parts).reduce((sum, bytes) => sum + bytes, 0))
  })

  it('keeps what a gradient needs, once, for each picture of the batch', () => {
    // The convolution needs the pictures (10·10·2), BatchNorm the convolution's output (8·8·3), ReLU its own (8·8·3).
    const network = chain(['c', 'conv2d', { out_channels: 3 }], ['bn', 'batch_norm2d'], ['relu', 'relu'])
    expect(estimateTrainingMemory(network, 7, 'sgd').activations).toBe(7 * 4 * (200 + 192 + 192))
    const doubled = estimateTrainingMemory(network, 14, 'sgd')
    expect(doubled.workspace).toBe(2 * estimateTrainingMemory(network, 7, 'sgd').workspace)
  })
})

describe('refuseIfTooLarge', () => {
  const run = { batch_size: 4096, optimizer: { type: 'adam' } } as const
  const needed = estimateTrainingMemory(reference, run.batch_size, 'adam').total

  it('lets pass what fits', () => {
    expect(() => refuseIfTooLarge(reference, run, needed)).not.toThrow()
  })

  function refusal(availableBytes: number): AppError {
    try {
      refuseIfTooLarge(reference, run, availableBytes)
    } catch (error) {
      if (error instanceof AppError) return error
    }
    throw new Error('nothing was refused')
  }

  it('refuses with both numbers and the batch that would fit', () => {
    const error = refusal(needed / 2)
    expect(error.kind).toBe('out-of-memory')
    expect(error.message).toMatch(/^Training would take about [\d.]+ GB of memory, but only [\d.]+ GB are free\.$/)
    const fitting = Number(error.params.fittingBatch)
    expect(estimateTrainingMemory(reference, fitting, 'adam').total).toBeLessThanOrEqual(needed / 2)
    expect(estimateTrainingMemory(reference, fitting * 2, 'adam').total).toBeGreaterThan(needed / 2)
    expect(error.fix).toContain(String(fitting))
  })

  it('says so where not even one picture fits', () => {
    expect(refusal(1e6)).toMatchObject({
      params: { fittingBatch: 0 },
      fix: expect.stringMatching(/network smaller/) as string,
    })
  })

  it('foresees absurd sizes', () => {
    const huge = chain(
      ['flat', 'flatten'],
      ['fc1', 'linear', { out_features: 65536 }],
      ['fc2', 'linear', { out_features: 65536 }],
    )
    expect(() => refuseIfTooLarge(huge, run, 64e9)).toThrow(/about [\d.]+ GB/)
  })
})
