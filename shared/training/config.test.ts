import { describe, expect, it } from 'vitest'
import { optimizerSchema, optimizerTypes, runConfigSchema } from './config'

describe('runConfigSchema', () => {
  it('fills in the settings of the main job', () => {
    expect(runConfigSchema.parse({})).toMatchObject({
      dataset: 'mnist',
      epochs: 3,
      batch_size: 64,
      learning_rate: 1e-3,
      optimizer: { type: 'adam', beta1: 0.9, beta2: 0.999, eps: 1e-8, weight_decay: 0 },
      loss: { type: 'cross-entropy', label_smoothing: 0 },
      init: 'pytorch',
    })
  })

  it('has defaults that are themselves allowed', () => {
    const config = runConfigSchema.parse({})
    expect(runConfigSchema.parse(config)).toEqual(config)
  })

  it.each([
    { epochs: -1 },
    { epochs: 1.5 },
    { batch_size: 0 },
    { learning_rate: 0 },
    { learning_rate: Infinity },
    { learning_rate: NaN },
    { validation_split: 1 },
    { seed: -1 },
    { seed: 2 ** 32 },
    { optimizer: { type: 'adagrad' } },
    { optimizer: { type: 'sgd', momentum: 0.9 } },
    { loss: { type: 'cross-entropy', label_smoothing: 1 } },
    { unknown: 1 },
    { clip_norm: 0 },
    { class_weights: [] },
    { class_weights: [1, -1] },
    { class_weights: [0, 0] },
    { class_weights: 'balanced', loss: { type: 'mse' } },
  ])('refuses %o', (settings) => {
    expect(runConfigSchema.safeParse(settings).success).toBe(false)
  })
})

describe('optimizerSchema', () => {
  it.each(optimizerTypes)("has PyTorch's defaults for %s", (type) => {
    const parsed = optimizerSchema.parse({ type })
    expect(parsed.weight_decay).toBe(type === 'adamw' ? 0.01 : 0)
    if ('eps' in parsed) expect(parsed.eps).toBe(1e-8)
    if (parsed.type === 'rmsprop') expect(parsed.alpha).toBe(0.99)
  })
})
