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
      warmupSteps: '50',
      earlyStopping: 'accuracy',
      stopPatience: '3',
      minDelta: '0.01',
      restoreBest: false,
      clipNorm: '0.5',
      classWeights: '1, 2,0.5',
      histograms: true,
      checkpointSteps: '500',
      checkpointSeconds: 'never',
      keepLast: '4',
      keepBest: false,
      keepEpochs: false,
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
      warmup_steps: 50,
      early_stopping: { monitor: 'accuracy', patience: 3, min_delta: 0.01, restore_best: false },
      clip_norm: 0.5,
      class_weights: [1, 2, 0.5],
      histograms: true,
      checkpoint: { every_steps: 500, every_seconds: null, keep_last: 4, keep_best: false, keep_epochs: false },
    })
  })

  it('reads the flags of each schedule', () => {
    const cycle = { schedule: 'one-cycle', pctStart: '0.2', divFactor: '10', finalDivFactor: '100' }
    expect(readConfig({ shuffle: true, ...cycle }).schedule).toEqual({
      type: 'one-cycle',
      pct_start: 0.2,
      div_factor: 10,
      final_div_factor: 100,
    })
    const plateau = { schedule: 'plateau', factor: '0.5', patience: '2', threshold: '0.01', minRate: '1e-5' }
    expect(readConfig({ shuffle: true, ...plateau }).schedule).toEqual({
      type: 'plateau',
      factor: 0.5,
      patience: 2,
      threshold: 0.01,
      min_rate: 1e-5,
    })
  })

  it('stops early when any of its flags asks for it', () => {
    const usual = { monitor: 'loss', patience: 5, min_delta: 0, restore_best: true }
    expect(readConfig({ shuffle: true, earlyStopping: true, restoreBest: true }).early_stopping).toEqual(usual)
    expect(readConfig({ shuffle: true, stopPatience: '2' }).early_stopping).toEqual({ ...usual, patience: 2 })
    expect(readConfig({ shuffle: true, restoreBest: true }).early_stopping).toBeNull()
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
    [{ clipNorm: '0' }, '--clip-norm: '],
    [{ classWeights: 'balanced', loss: 'mse' }, '--class-weights: only cross-entropy takes class weights'],
    [{ classWeights: '1,x' }, '--class-weights'],
    [{ earlyStopping: 'luck' }, '--early-stopping: '],
    [{ stopPatience: '0' }, '--stop-patience: '],
    [{ keepLast: '1' }, '--keep-last: '],
    [{ schedule: 'plateau', pctStart: '0.5' }, '--pct-start does not apply to this --schedule'],
  ])('names the flag: %j', (flags, message) => {
    expect(() => readConfig({ shuffle: true, ...flags })).toThrow(message)
  })
})
