import { expect, it } from 'vitest'
import { analyzeNetwork } from '../network/analyze'
import { networkDocumentSchema } from '../network/document'
import { runConfigSchema } from '../training/config'
import { applySettings, isRefused } from './apply'
import { targetKey } from './plan'
import { layerTargets, settingTargets } from './targets'

const settings = new Map(settingTargets().map((option) => [targetKey(option.target), option.values]))

it('every setting that changes what is learned can be varied', () => {
  expect(settings.get('learning_rate')).toEqual({ type: 'number', min: 0, max: 100 })
  expect(settings.get('batch_size')).toEqual({ type: 'integer', min: 1, max: 65536 })
  expect(settings.get('optimizer.type')).toMatchObject({ options: expect.arrayContaining(['adam', 'sgd']) as unknown })
  expect(settings.get('optimizer.weight_decay')).toEqual({ type: 'number', min: 0, max: 10 })
  expect(settings.get('optimizer.momentum')).toEqual({ type: 'number', min: 0, max: 0.9999 })
  expect(settings.get('schedule.type')).toMatchObject({ options: expect.arrayContaining(['cosine']) as unknown })
  expect(settings.get('early_stopping.patience')).toEqual({ type: 'integer', min: 1, max: 10000 })
  expect(settings.get('clip_norm')).toMatchObject({ type: 'number' })
  expect(settings.get('shuffle')).toEqual({ type: 'choice', options: [true, false] })
  expect([...settings.keys()].filter((key) => /seed|checkpoint|engine|histograms/.test(key))).toEqual([])
})

it('every choice that is offered is possible', () => {
  const base = runConfigSchema.parse({})
  for (const [path, values] of settings) {
    for (const value of values.type === 'choice' ? values.options : []) {
      const applied = applySettings(base, [{ target: { type: 'setting', path }, value }])
      expect([path, value, isRefused(applied)]).toEqual([path, value, false])
    }
  }
})

it('layers offer the parameters of their forms, the input none', () => {
  const document = networkDocumentSchema.parse({
    format: 'convscope.network',
    version: 1,
    name: 'Small',
    layers: [
      { id: 'input', kind: 'input', params: { height: 28, width: 28, channels: 1 } },
      { id: 'conv1', kind: 'conv2d', params: { out_channels: 2 }, inputs: ['input'] },
      { id: 'drop', kind: 'dropout', inputs: ['conv1'] },
    ],
  })
  const options = layerTargets(analyzeNetwork(document))
  expect(options.map(({ target }) => targetKey(target))).toEqual(
    expect.arrayContaining(['conv1.out_channels', 'conv1.kernel_size', 'conv1.padding', 'conv1.bias', 'drop.p']),
  )
  expect(options.find(({ target }) => targetKey(target) === 'conv1.padding')?.words).toEqual(['same', 'valid'])
  expect(options.some(({ target }) => targetKey(target).startsWith('input'))).toBe(false)
})
