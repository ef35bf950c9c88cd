import type { z } from 'zod'
import type { LayerKind } from '../../../shared/layers/define'
import { ruleOf, type FormProblem } from '../training/rules'

/** A rule that a parameter breaks, and which of its numbers does. */
export interface ParamProblem extends FormProblem {
  /** Index within a pair or a list of sizes; null for the whole. */
  readonly at: number | null
}

/** What is wrong with parameters as they were typed, by name. Parameters the kind does not know are left alone. */
export function paramProblems(
  kind: LayerKind,
  params: Readonly<Record<string, unknown>>,
): ReadonlyMap<string, ParamProblem> {
  const problems = new Map<string, ParamProblem>()
  const parsed = kind.params.safeParse(params)
  if (parsed.success) return problems
  for (const issue of parsed.error.issues) {
    const [name] = issue.path
    if (typeof name !== 'string' || problems.has(name)) continue
    const { leaf, path } = deepest(issue)
    const inner = [...issue.path.slice(1), ...path].find((part) => typeof part === 'number')
    problems.set(name, { ...ruleOf(leaf), at: inner ?? null })
  }
  return problems
}

/** Of the shapes a value may have, the one that it comes closest to: where the fault lies deepest. */
function deepest(issue: z.core.$ZodIssue): { leaf: z.core.$ZodIssue; path: PropertyKey[] } {
  if (issue.code !== 'invalid_union') return { leaf: issue, path: [] }
  const branches = issue.errors.flatMap((errors) => {
    const [first] = errors
    if (!first) return []
    const inner = deepest(first)
    return [{ leaf: inner.leaf, path: [...first.path, ...inner.path] }]
  })
  const weight = ({ leaf, path }: { leaf: z.core.$ZodIssue; path: PropertyKey[] }): number =>
    // A number of the wrong size is nearer than another kind of thing.
    path.length * 2 + (leaf.code === 'too_small' || leaf.code === 'too_big' ? 1 : 0)
  return branches.reduce(
    (best, one) => (weight(one) > weight(best) ? one : best),
    branches[0] ?? { leaf: issue, path: [] },
  )
}
