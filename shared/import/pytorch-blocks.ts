import type { ImportIssue } from './report'

/** All modules of one class with a `forward` of its own that the text does not show. */
export interface HiddenForward {
  readonly layer: string
  readonly where: string
  readonly line: number
  count: number
  /** Whether what is read surely is not what it computes. */
  isWrong: boolean
  /** Sizes that do not fit when its parts are taken in order. */
  readonly mismatches: ImportIssue[]
}

/** Blocks whose input goes around their layers, by the names that they usually have. */
const usualSkips =
  /residual|bottleneck|basicblock|res(net)?_?block|dense_?(layer|block)|inception|squeezeexc|attention/i
const usualBranches = /^(downsample|shortcut|skip|residual|identity|branch\w*)$/i

/** What can be told of the modules whose `forward` is hidden: one sentence for each class, not one for each module. */
export class HiddenForwards {
  private readonly byClass = new Map<string, HiddenForward>()

  /** `parts` are the names of its submodules. The root is given the benefit of the doubt: most are a plain chain. */
  add(layer: string, where: string, line: number, parts: readonly string[], isRoot: boolean): HiddenForward {
    const known = this.byClass.get(layer) ?? { layer, where, line, count: 0, isWrong: false, mismatches: [] }
    this.byClass.set(layer, known)
    known.count++
    if (!isRoot && (usualSkips.test(layer) || parts.some((name) => usualBranches.test(name)))) known.isWrong = true
    return known
  }

  issues(): ImportIssue[] {
    return [...this.byClass.values()].flatMap(({ layer, where, line, count, isWrong, mismatches }) => {
      const code = isWrong ? 'wiring-unknown' : 'order-assumed'
      const issue: ImportIssue = { code, where, line, params: { layer, count } }
      // In a wrong order sizes do not fit; that is no news of its own.
      return isWrong ? [issue] : [issue, ...mismatches]
    })
  }
}
