import { describe, expect, it } from 'vitest'
import { runConfigSchema } from '../../shared/training/config'
import { readConfig } from './run-config-options'

describe('readConfig', () => {
  it('takes the defaults of the window, but trains on every picture', () => {
    expect(readConfig({ shuffle: true })).toEqual(runConfigSchema.parse({ validation_split: 0 }))
  })

  it('reads every flag', () => {
    const flags = {
      data: 'fashion-mnist',
      epochs: '7',
      batchSize: '32',
      optimizer: 'nesterov',
      learningRate: '5e-2',
      weightDecay: '1e-4',
      momentum: '0.8',
      schedule: 'step',
      stepSize: '2',
      gamma: '0.1',
      loss: 'cross-entropy',
      labelSmoothing: '0.1',
      seed: '9',
      validationSplit: '0.2',
      limit: '100',
      shuffle: false,
      init: 'he',
      engine: 'eager',
    }
    expect(readConfig(flags)).toEqual({
      ...runConfigSchema.parse({}),
      dataset: 'fashion-mnist',
      epochs: 7,
      batch_size: 32,
      optimizer: { type: 'nesterov', momentum: 0.8, weight_decay: 1e-4 },
      learning_rate: 0.05,
      schedule: { type: 'step', step_size: 2, gamma: 0.1 },
      loss: { type: 'cross-entropy', label_smoothing: 0.1 },
      seed: 9,
      validation_split: 0.2,
      limit: 100,
      shuffle: false,
      init: 'he',
      engine: 'eager',
    })
  })

  it("keeps an optimizer's own defaults", () => {
    expect(readConfig({ shuffle: true, optimizer: 'adamw' }).optimizer).toMatchObject({ weight_decay: 0.01 })
    expect(readConfig({ shuffle: true, weightDecay: '0.1' }).optimizer).toMatchObject({
      type: 'adam',
      weight_decay: 0.1,
    })
  })

  it.each([
    [{ epochs: '1.5' }, '--epochs: '],
    [{ epochs: '' }, '--epochs: '],
    [{ limit: '0' }, '--limit: '],
    [{ optimizer: 'adamax' }, '--optimizer: '],
    [{ schedule: 'cosine', gamma: '0.5' }, '--gamma does not apply to this --schedule'],
    [{ loss: 'mse', labelSmoothing: '0.1' }, '--label-smoothing does not apply to this --loss'],
    [{ seed: '-1' }, '--seed: '],
  ])('names the flag: %j', (flags, message) => {
    expect(() => readConfig({ shuffle: true, ...flags })).toThrow(message)
  })
})
