import { importCodes, type ImportGroup, type ImportIssue, type ImportResult } from '../../../shared/import/report'
import type { ImportAnswer } from '../../../shared/import/import'
import { analyzeNetwork } from '../../../shared/network/analyze'
import { formatShape } from '../../../shared/network/shape'
import { bytes, integer } from '../../i18n/format'
import { t } from '../../i18n/text'
import { nodeName } from '../designer/layer-text'

/** A row of the report: where it is in the source, and what became of it. */
export interface ReportRow {
  readonly key: string
  readonly where: string
  /** In the window's language; empty where the source has no lines. */
  readonly line: string
  readonly text: string
}

export type ReportGroups = Readonly<Record<ImportGroup | 'read', readonly ReportRow[]>>

/** In the order in which they matter. */
export const reportGroups = ['unread', 'changed', 'read'] as const

type Failed = Extract<ImportAnswer, { type: 'failed' }>

/** Everything that an import did, in the window's language. */
export function reportRows(result: ImportResult): ReportGroups {
  const rows = (group: ImportGroup) =>
    result.report
      .filter(({ code }) => importCodes[code].group === group)
      .map((issue, at) => issueRow(issue, `${group} ${at}`))
  return { unread: rows('unread'), changed: rows('changed'), read: layerRows(result) }
}

function issueRow({ code, params, where, line }: ImportIssue, key: string): ReportRow {
  const isBlock = code === 'wiring-unknown' || code === 'order-assumed'
  const several = isBlock && Number(params.count) > 1
  const filled = several ? { ...params, layer: `${params.layer} × ${params.count}` } : params
  return { key, where, line: lineText(line), text: t(`imports.issue.${code}`, { ...filled }) }
}

function layerRows({ document, layers }: ImportResult): ReportRow[] {
  const nodes = new Map(document.layers.map((node) => [node.id, node]))
  const { byId } = analyzeNetwork(document)
  return layers.flatMap(({ id, where, line }) => {
    const node = nodes.get(id)
    const shape = byId.get(id)?.shape
    if (!node) return []
    const text = shape ? `${nodeName(node)} · ${formatShape(shape)}` : nodeName(node)
    return [{ key: id, where, line: lineText(line), text }]
  })
}

function lineText(line: number | null): string {
  return line === null ? '' : t('imports.line', { line: integer(line) })
}

/** The report as text, to be sent to somebody. */
export function plainReport(name: string, groups: ReportGroups): string {
  const parts = reportGroups.flatMap((group) => {
    const rows = groups[group]
    if (rows.length === 0) return []
    const lines = rows.map(({ where, line, text }) => `- ${[where, line].filter(Boolean).join(', ')}: ${text}`)
    return [`${t(`imports.groups.${group}`)} (${rows.length})`, ...lines, '']
  })
  return [name, '', ...parts].join('\n')
}

/** Why nothing was read, and what to do. */
export function failureTexts({ code, params }: Pick<Failed, 'code' | 'params'>): { title: string; fix: string } {
  const filled = { ...params, ...(typeof params.most === 'number' ? { most: bytes(params.most) } : {}) }
  return { title: t(`imports.failure.${code}`, filled), fix: t(`imports.failureFix.${code}`, filled) }
}
