import type { z } from 'zod'
import type { Split } from '../../../shared/data/dataset'
import type { ConflictRule, RunConfig } from '../../../shared/training/config'
import type { TextKey } from '../../i18n/text'

/** Why a value is not possible: the rule's sentence and its numbers. */
export interface FormProblem {
  readonly key: TextKey
  readonly params: Readonly<Record<string, string | number>>
}

const conflictKeys: Readonly<Record<ConflictRule, TextKey>> = {
  'class-weights-loss': 'aids.onlyCrossEntropy',
  'class-weights-zero': 'aids.weightNeeded',
}

/** What zod found, by the setting's name. */
export function problemsOf(issues: readonly z.core.$ZodIssue[]): ReadonlyMap<string, FormProblem> {
  return new Map(issues.flatMap((issue) => placed(issue, [])))
}

/** Of a choice none of whose forms fit, what is wrong with the form that came furthest. */
function placed(issue: z.core.$ZodIssue, before: readonly PropertyKey[]): [string, FormProblem][] {
  const path = [...before, ...issue.path]
  if (issue.code === 'invalid_union') {
    const deepest = issue.errors.flat().filter((inner) => inner.path.length > 0)
    if (deepest.length > 0) return deepest.flatMap((inner) => placed(inner, path))
  }
  return [[path.map(String).join('.'), ruleOf(issue)]]
}

/** The sentence for what zod found. */
export function ruleOf(issue: z.core.$ZodIssue): FormProblem {
  switch (issue.code) {
    case 'invalid_type': {
      // zod asks for a whole number only once there is a number.
      return { key: issue.expected === 'int' ? 'rules.integer' : 'rules.required', params: {} }
    }
    case 'too_small':
      return { key: issue.inclusive === false ? 'rules.above' : 'rules.min', params: { min: Number(issue.minimum) } }
    case 'too_big':
      return { key: 'rules.max', params: { max: Number(issue.maximum) } }
    case 'custom': {
      const rule: unknown = issue.params?.rule
      const key = Object.entries(conflictKeys).find(([name]) => name === rule)?.[1]
      return { key: key ?? 'rules.other', params: { detail: issue.message } }
    }
    default:
      return { key: 'rules.other', params: { detail: issue.message } }
  }
}

export interface RunPlan {
  readonly train: number
  readonly validation: number
  readonly test: number
  readonly stepsPerEpoch: number
  readonly totalSteps: number
}

/** How many pictures and steps a run will have. */
export function planRun(config: RunConfig, counts: Readonly<Record<Split, number>>): RunPlan {
  const used = Math.min(config.limit ?? counts.train, counts.train)
  // As the trainer splits: 0.1 of 30 is 3, whatever floating point says, and one picture is left to train on.
  const validation = Math.max(0, Math.min(used - 1, Math.floor(used * config.validation_split + 1e-9)))
  const train = used - validation
  const stepsPerEpoch = Math.ceil(train / config.batch_size)
  return {
    train,
    validation,
    test: Math.min(config.limit ?? counts.test, counts.test),
    stepsPerEpoch,
    totalSteps: stepsPerEpoch * config.epochs,
  }
}

/** The form is for training; only weights of a file can be evaluated in no epochs. */
export function epochProblems(epochs: number | null): Map<string, FormProblem> {
  const tooFew = epochs !== null && epochs < 1
  return new Map(tooFew ? [['epochs', { key: 'rules.min', params: { min: 1 } }]] : [])
}

/** What is wrong with values that are each possible, seen together with the data set. */
export function crossProblems(
  config: RunConfig,
  counts: Readonly<Record<Split, number>> | null,
): ReadonlyMap<string, FormProblem> {
  const problems = epochProblems(config.epochs)
  if (!counts) return problems
  if (config.limit !== null && config.limit > counts.train) {
    problems.set('limit', { key: 'rules.limitRange', params: { max: counts.train } })
    return problems
  }
  if (config.validation_split > 0 && planRun(config, counts).validation < 1) {
    problems.set('validation_split', { key: 'rules.noValidation', params: {} })
  }
  return problems
}
