import { describe, expect, it } from 'vitest'
import { settingTargets, type TargetOption } from '../../../shared/experiments/targets'
import { runConfigSchema } from '../../../shared/training/config'
import { referenceNetwork } from '../../testing/samples'
import { baseValue, countRuns, estimateSeconds, newParameter, parseValues, readParameter, readPlan } from './plan-draft'
import { expandPlan } from '../../../shared/experiments/expand'

const base = { document: referenceNetwork(), config: runConfigSchema.parse({}) }
const once = { type: 'grid', count: 10, seed: 1, repeats: 1 } as const

function option(path: string): TargetOption {
  const found = settingTargets().find(({ target }) => target.type === 'setting' && target.path === path)
  if (!found) throw new Error(path)
  return found
}
function draft(path: string) {
  const one = option(path)
  return newParameter(one, baseValue(one.target, base.document, base.config))
}

describe('values', () => {
  it('are offered around the base’s', () => {
    expect(draft('learning_rate').list).toBe('0.0001, 0.001, 0.01')
    expect(draft('batch_size').list).toBe('32, 64, 128')
    expect(draft('optimizer.weight_decay').list).toBe('0, 0.0001, 0.001')
    expect(draft('optimizer.type').chosen).toContain('sgd')
    const target = { type: 'layer', layer: 'conv1', param: 'kernel_size' } as const
    expect(baseValue(target, base.document, base.config)).toBe(3)
  })

  it('are read as they are typed', () => {
    expect(parseValues('1, 2;3  4e-3', {})).toEqual([1, 2, 3, 4e-3])
    expect(parseValues('same, 1, 2x3', { words: ['same'] })).toEqual(['same', 1, [2, 3]])
    expect(parseValues('one, 2', {})).toBeNull()
    expect(parseValues(' ', {})).toBeNull()
  })

  it('along a range are logarithmic for rates, and wrong ranges are said', () => {
    const range = { ...draft('learning_rate'), mode: 'range' as const }
    expect(readParameter(range)).toMatchObject({ domain: { type: 'log-uniform', min: 1e-4, max: 1e-2, steps: 3 } })
    expect(readParameter({ ...range, max: 0 })).toBe('range')
    expect(readParameter({ ...range, log: false, min: 0 })).toMatchObject({ domain: { type: 'uniform' } })
  })
})

describe('a plan', () => {
  it('counts its runs and can be expanded', () => {
    const plan = readPlan('', base, [draft('learning_rate'), draft('batch_size')], { ...once, repeats: 2 }, false)
    if (typeof plan === 'string') throw new Error(plan)
    expect(plan).toMatchObject({ name: 'Reference CNN', seeds: [1, 2] })
    expect(countRuns(plan)).toBe(18)
    expect(expandPlan(plan).runs).toHaveLength(18)
  })

  it('says what is missing', () => {
    expect(readPlan('', base, [], once, false)).toBe('nothing')
    expect(readPlan('', base, [], { ...once, repeats: null }, false)).toBe('count')
    expect(readPlan('', base, [{ ...draft('learning_rate'), list: '' }], once, false)).toBe('values')
    expect(readPlan('', base, [draft('learning_rate')], { ...once, type: 'random', count: 0 }, false)).toBe('count')
    expect(readPlan('', base, [], { ...once, repeats: 3 }, false)).toMatchObject({ seeds: [1, 2, 3] })
  })

  it('takes as long as its pictures at the measured speed', () => {
    const plan = readPlan('', base, [draft('learning_rate')], once, false)
    if (typeof plan === 'string') throw new Error(plan)
    // 3 runs of 3 epochs of 54,000 pictures.
    expect(estimateSeconds(expandPlan(plan).runs, () => ({ train: 60000, test: 10000 }), 54000)).toBe(9)
  })
})
