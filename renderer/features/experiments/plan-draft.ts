import { gridValues } from '../../../shared/experiments/domain'
import { countCombinations, type PlannedRun } from '../../../shared/experiments/expand'
import {
  domainSchema,
  experimentFormat,
  targetKey,
  type Domain,
  type Parameter,
  type Plan,
  type PlanValue,
  type Target,
} from '../../../shared/experiments/plan'
import type { TargetOption } from '../../../shared/experiments/targets'
import type { Split } from '../../../shared/data/dataset'
import type { NetworkDocument } from '../../../shared/network/document'
import type { RunConfig } from '../../../shared/training/config'
import { formatPlain, readNumber } from '../../lib/number-format'
import { planRun } from '../training/rules'

/** A parameter as it stands in the form. */
export interface ParameterDraft {
  readonly option: TargetOption
  mode: 'list' | 'range'
  /** As typed: values apart by commas or spaces. */
  list: string
  /** Of a choice. */
  chosen: PlanValue[]
  min: number | null
  max: number | null
  steps: number | null
  log: boolean
}

export interface SearchDraft {
  type: Plan['search']['type']
  count: number | null
  seed: number | null
  repeats: number | null
}

export type DraftProblem = 'values' | 'range' | 'count' | 'nothing'

/** The value that the base has, null where it has none. */
export function baseValue(target: Target, document: NetworkDocument, config: RunConfig): PlanValue {
  const found =
    target.type === 'setting'
      ? target.path.split('.').reduce<unknown>((part, key) => (isRecord(part) ? part[key] : undefined), config)
      : document.layers.find(({ id }) => id === target.layer)?.params[target.param]
  const one = Array.isArray(found) && found.every((value) => value === found[0]) ? (found[0] as unknown) : found
  return typeof one === 'number' || typeof one === 'string' || typeof one === 'boolean' ? one : null
}

/** A form that offers values around the base's. */
export function newParameter(option: TargetOption, base: PlanValue): ParameterDraft {
  const { values } = option
  const suggested = values.type === 'choice' ? [] : suggest(values, typeof base === 'number' ? base : null)
  return {
    option,
    mode: 'list',
    list: suggested.map(formatPlain).join(', '),
    chosen: values.type === 'choice' ? [...values.options] : [],
    min: suggested[0] ?? null,
    max: suggested.at(-1) ?? null,
    steps: 3,
    log: values.type === 'number' && (suggested[0] ?? 0) > 0,
  }
}

function suggest({ type, min, max }: { type: string; min: number; max: number }, base: number | null): number[] {
  const around = (): number[] => {
    if (base === null) return [min, Math.min(max, min + 1)]
    // Small numbers, such as the side of a kernel, keep what is odd odd.
    if (type === 'integer') return base < 8 ? [base - 2, base, base + 2] : [Math.floor(base / 2), base, base * 2]
    if (max <= 1 && base >= 0.05) return [base - 0.2, base, base + 0.2]
    return base === 0 ? [0, 1e-4, 1e-3] : [base / 10, base, base * 10]
  }
  const inside = around().map((value) => Number(Math.min(max, Math.max(min, value)).toPrecision(6)))
  return [...new Set(inside)]
}

export function readParameter(draft: ParameterDraft): Parameter | DraftProblem {
  const domain = readDomain(draft)
  return typeof domain === 'string' ? domain : { target: draft.option.target, domain }
}

function readDomain({ option, mode, list, chosen, min, max, steps, log }: ParameterDraft): Domain | DraftProblem {
  if (option.values.type === 'choice') {
    return chosen.length > 0 ? { type: 'choice', values: chosen } : 'values'
  }
  if (mode === 'list') {
    const values = parseValues(list, option)
    return values ? { type: 'choice', values } : 'values'
  }
  const type = option.values.type === 'integer' ? 'integer' : log ? 'log-uniform' : 'uniform'
  const parsed = domainSchema.safeParse({ type, min, max, steps })
  return parsed.success ? parsed.data : 'range'
}

/** Typed values, `none` for null and `3x5` for two numbers; null where one of them is none. */
export function parseValues(text: string, { words = [] }: Pick<TargetOption, 'words'>): PlanValue[] | null {
  const parts = text.split(/[,;\s，、]+/).filter(Boolean)
  const values = parts.map((part): PlanValue | undefined => {
    if (words.includes(part)) return part
    const sides = part.split(/[x×]/).map((side) => readNumber(side))
    if (sides.some((side) => side === null)) return undefined
    return sides.length === 1 ? sides[0] : (sides as number[])
  })
  return values.length > 0 && values.every((value) => value !== undefined) ? values : null
}

/** The plan that the form means, or the first thing that is wrong with it. */
export function readPlan(
  name: string,
  base: { readonly document: NetworkDocument; readonly config: RunConfig },
  drafts: readonly ParameterDraft[],
  search: SearchDraft,
  skipUnsound: boolean,
): Plan | DraftProblem {
  const parameters: Parameter[] = []
  for (const draft of drafts) {
    const read = readParameter(draft)
    if (typeof read === 'string') return read
    parameters.push(read)
  }
  const { type, count, seed, repeats } = search
  if (!isCount(repeats, 1000) || (type === 'random' && (!isCount(count, 2000) || seed === null))) return 'count'
  if (parameters.length === 0 && repeats < 2) return 'nothing'
  const firstSeed = base.config.seed
  return {
    format: experimentFormat,
    version: 1,
    name: name.trim() || base.document.name,
    document: base.document,
    config: base.config,
    parameters,
    search:
      type === 'random' && parameters.length > 0 ? { type, count: count ?? 1, seed: seed ?? 1 } : { type: 'grid' },
    seeds: Array.from({ length: repeats }, (_, index) => (firstSeed + index) % 4294967296),
    skip_unsound: skipUnsound,
  }
}

export function countRuns(plan: Pick<Plan, 'parameters' | 'search' | 'seeds'>): number {
  return countCombinations(plan) * plan.seeds.length
}

/** How many values a grid takes of a parameter; null while the form is wrong. */
export function valueCount(draft: ParameterDraft): number | null {
  const read = readParameter(draft)
  return typeof read === 'string' ? null : gridValues(read.domain).length
}

/** Seconds that all runs take at a speed that was measured before. */
export function estimateSeconds(
  runs: readonly PlannedRun[],
  countsOf: (dataset: RunConfig['dataset']) => Readonly<Record<Split, number>> | null,
  imagesPerSecond: number,
): number {
  const images = runs.map(({ config }) => {
    const counts = countsOf(config.dataset)
    return counts ? planRun(config, counts).train * config.epochs : 0
  })
  return images.reduce((sum, count) => sum + count, 0) / imagesPerSecond
}

/** The name by which parameters are found: what it is called in the file, and in words. */
export function matches(text: string, target: Target, label: string): boolean {
  const wanted = plain(text)
  return plain(targetKey(target)).includes(wanted) || plain(label).includes(wanted)
}

function plain(text: string): string {
  return text.toLowerCase().replace(/[\s_.-]/g, '')
}

function isCount(value: number | null, most: number): value is number {
  return value !== null && Number.isInteger(value) && value >= 1 && value <= most
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}
