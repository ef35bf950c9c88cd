import { nextTick } from 'vue'
import { beforeEach, describe, expect, it } from 'vitest'
import { optimizerTypes, runConfigSchema } from '../../shared/training/config'
import { useFakeBridge } from '../testing/mount-window'
import { useDatasets } from './datasets'
import { useTrainingForm } from './training-form'

let form: ReturnType<typeof useTrainingForm>

beforeEach(async () => {
  useFakeBridge()
  await useDatasets().load()
  form = useTrainingForm()
  form.reset()
})

describe('the settings', () => {
  it('start as the schema says', () => {
    expect(form.config).toEqual(runConfigSchema.parse({}))
    expect(form.valid).toBe(true)
  })

  it.each(optimizerTypes)('take %s with its own fields', (type) => {
    form.setOptimizer(type)
    expect(form.config?.optimizer.type).toBe(type)
    expect(form.valid).toBe(true)
  })

  it('bring the usual rate along until the person has set one', () => {
    form.setOptimizer('sgd')
    expect(form.draft.learning_rate).toBe(0.1)
    form.draft.learning_rate = 0.3
    form.setOptimizer('adam')
    expect(form.draft.learning_rate).toBe(0.3)
  })

  it('name the rule that is broken', () => {
    form.draft.epochs = 0
    form.draft.batch_size = 2.5
    form.draft.learning_rate = null
    form.draft.seed = 2 ** 32
    form.draft.optimizerFields.eps = 0
    expect(form.config).toBeNull()
    expect(form.problems.get('epochs')).toEqual({ key: 'rules.min', params: { min: 1 } })
    expect(form.problems.get('batch_size')?.key).toBe('rules.integer')
    expect(form.problems.get('learning_rate')?.key).toBe('rules.required')
    expect(form.problems.get('seed')).toEqual({ key: 'rules.max', params: { max: 4294967295 } })
    expect(form.problems.get('optimizer.eps')?.key).toBe('rules.above')
  })

  it('are seen together with the data set', () => {
    form.draft.limited = true
    form.draft.limit = 90_000
    expect(form.problems.get('limit')).toEqual({ key: 'rules.limitRange', params: { max: 60000 } })
    form.draft.limit = 5
    expect(form.problems.get('validation_split')?.key).toBe('rules.noValidation')
    form.draft.limit = null
    expect(form.problems.get('limit')?.key).toBe('rules.required')
    form.draft.limited = false
    expect(form.config?.limit).toBeNull()
  })

  it('roll a seed', () => {
    form.rollSeed()
    expect(runConfigSchema.shape.seed.safeParse(form.draft.seed).success).toBe(true)
  })

  it('are kept between starts', async () => {
    form.draft.epochs = 7
    form.setSchedule('cosine')
    await nextTick()
    const kept = localStorage.getItem('convscope.training')
    useFakeBridge()
    localStorage.setItem('convscope.training', kept ?? '')
    expect(useTrainingForm().config).toMatchObject({ epochs: 7, schedule: { type: 'cosine' } })
  })

  it('fall back to the defaults when what was kept is damaged', () => {
    useFakeBridge()
    localStorage.setItem('convscope.training', '{"epochs": "many"')
    expect(useTrainingForm().config).toEqual(runConfigSchema.parse({}))
  })

  it('give a weight for each class of the data set, and only to cross-entropy', () => {
    form.draft.classWeights = 'own'
    expect(form.config?.class_weights).toEqual(Array(10).fill(1))
    form.draft.ownWeights = [2, 0.5]
    expect(form.config?.class_weights).toEqual([2, 0.5, 1, 1, 1, 1, 1, 1, 1, 1])
    form.draft.ownWeights = [1, null, -1]
    expect(form.problems.get('class_weights.1')?.key).toBe('rules.required')
    expect(form.problems.get('class_weights.2')).toEqual({ key: 'rules.min', params: { min: 0 } })
    form.draft.ownWeights = Array<number>(10).fill(0)
    expect(form.problems.get('class_weights')?.key).toBe('aids.weightNeeded')
    form.setLoss('mse')
    expect(form.config?.class_weights).toBeNull()
  })

  it('keep the numbers of what is switched off', () => {
    form.draft.clips = true
    form.draft.clip_norm = 0.25
    expect(form.config?.clip_norm).toBe(0.25)
    form.draft.clips = false
    expect(form.config?.clip_norm).toBeNull()
    form.draft.clips = true
    form.draft.clip_norm = null
    expect(form.problems.get('clip_norm')?.key).toBe('rules.required')
    form.draft.clip_norm = 0.25
    form.draft.stopsEarly = true
    form.draft.stopping.patience = 0
    expect(form.problems.get('early_stopping.patience')).toEqual({ key: 'rules.min', params: { min: 1 } })
    form.draft.stopsEarly = false
    form.draft.everySteps = true
    form.draft.every_steps = 1.5
    expect(form.problems.get('checkpoint.every_steps')?.key).toBe('rules.integer')
  })

  it('are filled from a past run', () => {
    const past = runConfigSchema.parse({
      optimizer: { type: 'rmsprop', alpha: 0.9 },
      schedule: { type: 'plateau', patience: 2 },
      limit: 500,
      warmup_steps: 100,
      early_stopping: { patience: 9 },
      clip_norm: 2,
      class_weights: [1, 2, 3, 4, 5, 6, 7, 8, 9, 0],
      histograms: true,
      checkpoint: { every_steps: 50, every_seconds: null, keep_last: 3, keep_best: false, keep_epochs: false },
    })
    form.fill(past)
    expect(form.config).toEqual(past)
  })
})
