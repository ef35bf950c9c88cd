import { AppError } from '../errors'
import { formatPlanValue, type ExpandedPlan } from './expand'
import { targetKey, type Plan, type PlanValue } from './plan'

/** What a combination sets, as `conv1.out_channels 32, learning_rate 0.01`. */
export function describeCombination({ parameters }: Pick<Plan, 'parameters'>, values: readonly PlanValue[]): string {
  return parameters
    .map(({ target }, index) => `${targetKey(target)} ${formatPlanValue(values[index] ?? null)}`)
    .join(', ')
}

/**
 * The plan's runs, where it can begin. Throws `invalid-network` naming what cannot be trained (unless the plan leaves it out),
 * and `invalid-input` where nothing is left.
 */
export function requireRuns(plan: Plan, expanded: ExpandedPlan): ExpandedPlan {
  const unsound = expanded.combinations.filter(({ problem }) => problem !== null)
  if (unsound.length > 0 && !plan.skip_unsound) {
    const named = unsound.slice(0, 3).map(({ values, problem }) => `${describeCombination(plan, values)}: ${problem}`)
    const more = unsound.length > named.length ? ` And ${unsound.length - named.length} more.` : ''
    throw new AppError(
      'invalid-network',
      `${unsound.length} of ${expanded.combinations.length} combinations cannot be trained. ${named.join('. ')}.${more}`,
      { fix: 'Change the values, or leave such combinations out.', params: { count: unsound.length } },
    )
  }
  if (expanded.runs.length === 0) {
    throw new AppError('invalid-input', `The experiment "${plan.name}" has no run that can be trained.`, {
      fix: 'Change the values that are tried.',
    })
  }
  return expanded
}
