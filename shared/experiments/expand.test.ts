import { describe, expect, it } from 'vitest'
import { networkDocumentSchema } from '../network/document'
import { runConfigSchema } from '../training/config'
import { expandPlan } from './expand'
import { planSchema, type Domain, type Parameter } from './plan'
import { requireRuns } from './unsound'

const document = networkDocumentSchema.parse({
  format: 'convscope.network',
  version: 1,
  name: 'Small',
  layers: [
    { id: 'input', kind: 'input', params: { height: 28, width: 28, channels: 1 } },
    { id: 'conv1', kind: 'conv2d', params: { out_channels: 2 }, inputs: ['input'] },
    { id: 'flatten', kind: 'flatten', inputs: ['conv1'] },
    { id: 'fc', kind: 'linear', params: { out_features: 10 }, inputs: ['flatten'] },
  ],
})

function setting(path: string, domain: Domain | unknown[]): Parameter {
  return {
    target: { type: 'setting', path },
    domain: Array.isArray(domain) ? { type: 'choice', values: domain as number[] } : domain,
  }
}
function layer(id: string, param: string, values: (number | string | number[])[]): Parameter {
  return { target: { type: 'layer', layer: id, param }, domain: { type: 'choice', values } }
}
function plan(parameters: Parameter[], rest: object = {}) {
  const base = { format: 'convscope.experiment', version: 1, name: 'Test', document, config: runConfigSchema.parse({}) }
  return planSchema.parse({ ...base, parameters, ...rest })
}

describe('a grid', () => {
  it('has every value with every other, each once with every seed', () => {
    const { runs, combinations } = expandPlan(
      plan([setting('learning_rate', [0.1, 0.01]), layer('conv1', 'out_channels', [4, 8])], { seeds: [1, 2] }),
    )
    expect(combinations.map(({ values }) => values)).toEqual([
      [0.1, 4],
      [0.1, 8],
      [0.01, 4],
      [0.01, 8],
    ])
    expect(runs).toHaveLength(8)
    expect(runs.map(({ seed, combination }) => [combination, seed])).toEqual([
      [0, 1],
      [0, 2],
      [1, 1],
      [1, 2],
      [2, 1],
      [2, 2],
      [3, 1],
      [3, 2],
    ])
    expect(runs[2]).toMatchObject({
      name: 'Test · learning_rate 0.1 · conv1.out_channels 8 · seed 1',
      config: { learning_rate: 0.1, seed: 1 },
    })
    expect(runs[2]?.document.layers[1]?.params).toEqual({ out_channels: 8 })
  })

  it('takes values along ranges, both ends included', () => {
    const { combinations } = expandPlan(
      plan([setting('learning_rate', { type: 'log-uniform', min: 1e-4, max: 0.1, steps: 4 })]),
    )
    expect(combinations.map(({ values }) => values[0])).toEqual([0.0001, 0.001, 0.01, 0.1])
    const whole = expandPlan(plan([setting('batch_size', { type: 'integer', min: 1, max: 3, steps: 5 })]))
    expect(whole.combinations.map(({ values }) => values[0])).toEqual([1, 2, 3])
  })

  it('of nothing, with seeds, is a run repeated', () => {
    const { runs } = expandPlan(plan([], { seeds: [5, 6, 7] }))
    expect(runs.map(({ config }) => config.seed)).toEqual([5, 6, 7])
  })

  it('too large to count is refused before it is made', () => {
    const many = { type: 'uniform', min: 0.1, max: 1, steps: 1000 } as const
    expect(() =>
      expandPlan(plan([setting('learning_rate', many), setting('clip_norm', many), setting('epochs', [1])])),
    ).toThrow('more than the 2000')
  })
})

describe('random draws', () => {
  const parameters = [
    setting('learning_rate', { type: 'log-uniform', min: 1e-4, max: 0.1, steps: 3 }),
    setting('batch_size', { type: 'integer', min: 8, max: 10, steps: 3 }),
    setting('optimizer.weight_decay', { type: 'uniform', min: 0, max: 0.1, steps: 3 }),
    setting('optimizer.type', ['adam', 'sgd']),
  ]
  const draw = (seed: number, count = 400, some = parameters) =>
    expandPlan(plan(some, { search: { type: 'random', count, seed } })).combinations.map(({ values }) => values)

  it('are the same for the same seed, others for another, and not changed by parameters beside them', () => {
    expect(draw(1)).toEqual(draw(1))
    expect(draw(1)).not.toEqual(draw(2))
    expect(draw(1, 10).map(([rate]) => rate)).toEqual(draw(1, 10, parameters.slice(0, 1)).map(([rate]) => rate))
  })

  it('stay in their ranges and fill them', () => {
    const rows = draw(3)
    const rates = rows.map(([rate]) => Number(rate))
    expect(Math.min(...rates)).toBeGreaterThanOrEqual(1e-4)
    expect(Math.max(...rates)).toBeLessThanOrEqual(0.1)
    // A third of a logarithmic range lies in each decade.
    const low = rates.filter((rate) => rate < 1e-3).length / rates.length
    expect(low).toBeGreaterThan(0.25)
    expect(low).toBeLessThan(0.42)
    expect([...new Set(rows.map(([, batch]) => batch))].sort()).toEqual([10, 8, 9])
    expect(new Set(rows.map(([, , , type]) => type))).toEqual(new Set(['adam', 'sgd']))
  })
})

describe('settings', () => {
  it('another type brings its own defaults, and keeps what is varied with it', () => {
    const { runs } = expandPlan(
      plan([setting('optimizer.type', ['adam', 'sgd']), setting('optimizer.weight_decay', [0.5])], {
        config: { optimizer: { type: 'adam', beta1: 0.7 } },
      }),
    )
    expect(runs.map(({ config }) => config.optimizer)).toEqual([
      { type: 'adam', beta1: 0.7, beta2: 0.999, eps: 1e-8, weight_decay: 0.5 },
      { type: 'sgd', weight_decay: 0.5 },
    ])
  })

  it('of something that is off switch it on, and null switches it off', () => {
    const { runs } = expandPlan(plan([setting('early_stopping.patience', [2]), setting('clip_norm', [1, null])]))
    expect(runs[0]?.config.early_stopping).toEqual({ monitor: 'loss', patience: 2, min_delta: 0, restore_best: true })
    expect(runs.map(({ config }) => config.clip_norm)).toEqual([1, null])
  })

  it('that do not fit together are named', () => {
    const { combinations, runs } = expandPlan(
      plan([setting('optimizer.momentum', [0.5]), setting('batch_size', [0, 8])]),
    )
    expect(combinations[0]?.problem).toMatch(/optimizer.momentum does not apply/)
    expect(combinations[0]?.problem).toMatch(/batch_size/)
    expect(runs).toEqual([])
  })

  it('that there are none of are named', () => {
    expect(expandPlan(plan([setting('speed', [1])])).combinations[0]?.problem).toBe('speed does not apply here')
  })
})

describe('layers', () => {
  it('whose shapes do not fit are named with their layer', () => {
    const { combinations } = expandPlan(plan([layer('conv1', 'kernel_size', [3, [3, 5], 40])]))
    expect(combinations.map(({ problem }) => problem === null)).toEqual([true, true, false])
    expect(combinations[2]?.problem).toContain('"conv1"')
  })

  it('that give another number of classes, or are not there, are named', () => {
    expect(expandPlan(plan([layer('fc', 'out_features', [9])])).combinations[0]?.problem).toContain('has 10 classes')
    expect(expandPlan(plan([layer('gone', 'p', [1])])).combinations[0]?.problem).toContain('no layer "gone"')
  })
})

describe('requireRuns', () => {
  const mixed = plan([layer('conv1', 'kernel_size', [3, 40])])

  it('refuses a plan with unsound combinations, naming them, unless they are left out', () => {
    expect(() => requireRuns(mixed, expandPlan(mixed))).toThrow(
      /1 of 2 combinations cannot be trained\. conv1\.kernel_size 40: "conv1"/,
    )
    const lenient = { ...mixed, skip_unsound: true }
    expect(requireRuns(lenient, expandPlan(lenient)).runs).toHaveLength(1)
  })

  it('refuses a plan of which nothing is left', () => {
    const none = { ...plan([layer('conv1', 'kernel_size', [40])]), skip_unsound: true }
    expect(() => requireRuns(none, expandPlan(none))).toThrow('no run that can be trained')
  })
})

describe('a plan', () => {
  it.each([
    [{ parameters: [setting('batch_size', [1]), setting('batch_size', [2])] }, 'twice'],
    [{ parameters: [setting('seed', [1])] }, 'seeds'],
    [{ parameters: [setting('learning_rate', { type: 'log-uniform', min: 1, max: 0.1, steps: 3 })] }, 'below'],
    [{ seeds: [1, 1] }, 'twice'],
    [{ name: '' }, ''],
  ])('%o is refused', (part, message) => {
    const result = planSchema.safeParse({ ...plan([]), ...part })
    expect(result.success).toBe(false)
    expect(result.error?.message).toContain(message)
  })
})
