import type { NetworkDocument } from '../../../shared/network/document'
import type { NetworkProblem } from '../../../shared/network/problem'
import type { NetworkWarning } from '../../../shared/network/warnings/rule'
import { t, type TextKey } from '../../i18n/text'
import { en } from '../../i18n/en'
import type { Mark, Severity } from './layer-cards'
import { nodeName } from './layer-text'

/** A problem or a warning as the list shows it. */
export interface ListedProblem {
  readonly key: string
  readonly severity: Severity
  readonly layerId: string
  /** The other end of the edge at fault. */
  readonly fromId: string | null
  readonly name: string
  readonly text: string
  /** What fixes are asked for: one of the two is there. */
  readonly problem: NetworkProblem | null
  readonly warning: NetworkWarning | null
}

/** All that is wrong with a network, in the window's language. */
export function listProblems(document: NetworkDocument, problems: readonly NetworkProblem[]): readonly ListedProblem[] {
  const nodes = new Map(document.layers.map((node) => [node.id, node]))
  return problems.map((problem) => {
    const node = nodes.get(problem.layerId)
    return {
      key: `${problem.layerId} ${problem.code} ${problem.fromId ?? ''}`,
      severity: 'error',
      layerId: problem.layerId,
      fromId: problem.fromId,
      name: node ? nodeName(node) : problem.layerId,
      text: problemText(problem),
      problem,
      warning: null,
    }
  })
}

/** All that is rarely meant, in the window's language. Warnings about layers that are gone meanwhile are left out. */
export function listWarnings(document: NetworkDocument, warnings: readonly NetworkWarning[]): readonly ListedProblem[] {
  const nodes = new Map(document.layers.map((node) => [node.id, node]))
  return warnings.flatMap((warning) => {
    const node = nodes.get(warning.layerId)
    if (!node) return []
    return {
      key: `${warning.layerId} ${warning.code}`,
      severity: warning.level,
      layerId: warning.layerId,
      fromId: null,
      name: nodeName(node),
      text: t(`warning.${warning.code}`, warning.params),
      problem: null,
      warning,
    }
  })
}

/** The sentence of a problem; the English one of the analysis where the window knows none. */
export function problemText({ code, message, params }: NetworkProblem): string {
  const known = Object.hasOwn(en.networkProblems, code)
  const text = known ? t(`networkProblems.${code}` as TextKey, params) : message
  return known && params.repeat !== undefined ? t('problemInRepeat', { text, repeat: params.repeat }) : text
}

/** The worst of each layer that is to be seen at a glance. */
export function layerMarks(problems: readonly ListedProblem[]): ReadonlyMap<string, Mark> {
  const marks = new Map<string, Mark>()
  for (const { layerId, severity, text } of problems) {
    if (severity !== 'hint' && !marks.has(layerId)) marks.set(layerId, { severity, text })
  }
  return marks
}

/** By `from>to`: the edges whose value does not fit. */
export function edgeProblems(problems: readonly ListedProblem[]): ReadonlyMap<string, Mark> {
  const marks = new Map<string, Mark>()
  for (const { fromId, layerId, severity, text } of problems) {
    if (fromId !== null && severity !== 'hint') marks.set(`${fromId}>${layerId}`, { severity, text })
  }
  return marks
}
