import { expect, it } from 'vitest'
import { runConfigSchema } from '../../../shared/training/config'
import { planRun } from './rules'

const counts = { train: 60000, test: 10000 }

it('plans pictures and steps', () => {
  expect(planRun(runConfigSchema.parse({}), counts)).toEqual({
    train: 54000,
    validation: 6000,
    test: 10000,
    stepsPerEpoch: 844,
    totalSteps: 2532,
  })
})

it('plans a limited run', () => {
  const config = runConfigSchema.parse({ limit: 1000, validation_split: 0, batch_size: 300, epochs: 2 })
  expect(planRun(config, counts)).toEqual({ train: 1000, validation: 0, test: 1000, stepsPerEpoch: 4, totalSteps: 8 })
})
