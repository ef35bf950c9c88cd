import { catalogue } from '../data/catalogue'
import { AppError } from '../errors'
import { analyzeNetwork } from '../network/analyze'
import type { NetworkDocument } from '../network/document'
import { fitProblems } from '../network/fit'
import { LayerMemory } from '../network/layer-memory'
import { describeProblem, type NetworkProblem } from '../network/problem'
import type { RunConfig } from '../training/config'
import { createRandom } from '../training/random'
import { applySettings, applyToLayers, isRefused, type Setting } from './apply'
import { drawValue, gridValues } from './domain'
import { mostRuns, targetKey, type Parameter, type Plan, type PlanValue } from './plan'

/** One setting of all parameters that are varied. */
export interface Combination {
  /** In the order of the plan's parameters. */
  readonly values: readonly PlanValue[]
  /** Why it cannot be trained, naming the culprit; null where it can. */
  readonly problem: string | null
  /** The same where the network is at fault, to be told in another language. */
  readonly network: readonly NetworkProblem[]
}

/** A run that a plan asks for. */
export interface PlannedRun {
  readonly name: string
  /** Place of its combination among all of the plan. */
  readonly combination: number
  readonly values: readonly PlanValue[]
  readonly seed: number
  readonly document: NetworkDocument
  readonly config: RunConfig
}

export interface ExpandedPlan {
  readonly combinations: readonly Combination[]
  /** Of the combinations that can be trained: all seeds of the first, then of the second. */
  readonly runs: readonly PlannedRun[]
}

/** How many combinations a plan has, without making them. */
export function countCombinations({ parameters, search }: Pick<Plan, 'parameters' | 'search'>): number {
  if (search.type === 'random') return search.count
  return parameters.reduce((product, { domain }) => product * gridValues(domain).length, 1)
}

/** All that a plan means. Pure: the same plan always gives the same runs. Throws `invalid-input` where they are too many. */
export function expandPlan(plan: Plan): ExpandedPlan {
  const count = countCombinations(plan) * plan.seeds.length
  if (count > mostRuns) {
    throw new AppError('invalid-input', `${count} runs are more than the ${mostRuns} that are possible.`, {
      fix: 'Try fewer values, or draw some combinations at random.',
    })
  }
  const memory = new LayerMemory()
  const combinations: Combination[] = []
  const runs: PlannedRun[] = []
  for (const [combination, values] of valuesOf(plan).entries()) {
    const made = make(plan, values, memory)
    const { problem = null, network = [] } = 'problem' in made ? made : {}
    combinations.push({ values, problem, network })
    if ('problem' in made) continue
    const { document, config } = made
    for (const seed of plan.seeds) {
      const name = runName(plan, values, seed)
      runs.push({ name, combination, values, seed, document, config: { ...config, seed } })
    }
  }
  return { combinations, runs }
}

function valuesOf({ parameters, search }: Plan): readonly (readonly PlanValue[])[] {
  if (search.type === 'random') {
    return Array.from({ length: search.count }, (_, index) => {
      // A generator for each: a parameter that is added does not change what the others draw.
      const random = (parameter: Parameter) => createRandom(search.seed, 'sweep', index, targetKey(parameter.target))
      return parameters.map((parameter) => drawValue(parameter.domain, random(parameter)))
    })
  }
  return parameters.reduce<PlanValue[][]>(
    (rows, { domain }) => rows.flatMap((row) => gridValues(domain).map((value) => [...row, value])),
    [[]],
  )
}

type Made =
  | { readonly document: NetworkDocument; readonly config: RunConfig }
  | { readonly problem: string; readonly network?: readonly NetworkProblem[] }

function make(
  { document: base, config: settings, parameters }: Plan,
  values: readonly PlanValue[],
  memory: LayerMemory,
): Made {
  const chosen: Setting[] = parameters.map(({ target }, index) => ({ target, value: values[index] ?? null }))
  const config = applySettings(settings, chosen)
  if (isRefused(config)) return config
  const document = applyToLayers(base, chosen)
  if (isRefused(document)) return document
  const analysis = analyzeNetwork(document, memory)
  const { title, shape, classes } = catalogue[config.dataset]
  const problems = [...analysis.problems, ...fitProblems(analysis, { title, shape, classes: classes.length })]
  return problems.length > 0
    ? { problem: problems.map(describeProblem).join('; '), network: problems }
    : { document, config }
}

function runName({ name, parameters, seeds }: Plan, values: readonly PlanValue[], seed: number): string {
  const parts = parameters.map(({ target }, index) => `${targetKey(target)} ${formatPlanValue(values[index] ?? null)}`)
  if (seeds.length > 1) parts.push(`seed ${seed}`)
  return [name, ...parts].join(' · ').slice(0, 200)
}

/** `3×5` for two numbers, `none` for null. */
export function formatPlanValue(value: PlanValue): string {
  if (value === null) return 'none'
  return Array.isArray(value) ? value.join('×') : String(value)
}
