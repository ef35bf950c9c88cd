import type { SeriesQuery } from '../../../shared/ipc/organize-calls'
import type { ChartLayout, OverlayedLine } from '../../charts/overlay'
import { call } from '../../api/bridge'
import { t } from '../../i18n/text'
import { readColour } from '../../lib/palette'
import { useRunSelection } from '../../stores/run-selection'
import { useToasts } from '../../stores/toasts'
import { toPng } from '../documents/picture-file'
import { overlayCsv } from './overlay-csv'
import { drawOverlay } from './overlay-svg'

export type OverlayFile = 'svg' | 'png' | 'csv'

/** A chart as it stands. */
export interface ShownOverlay {
  readonly title: string
  readonly query: SeriesQuery
  readonly lines: readonly OverlayedLine[]
  /** Null while nothing is drawn. */
  readonly layout: ChartLayout | null
  readonly log: boolean
}

/** Asks where to, writes the file, and says so. */
export async function saveOverlay(kind: OverlayFile, shown: ShownOverlay): Promise<void> {
  const toasts = useToasts()
  const path = await toasts.guard(async () => {
    const content = kind === 'csv' ? await csv(shown) : await drawn(kind, shown)
    return content === null ? null : call('documents.export', { kind, name: shown.title, content })
  })
  if (path !== null) toasts.inform(t('compare.saved'), path)
}

async function drawn(
  kind: 'svg' | 'png',
  { title, query, lines, layout, log }: ShownOverlay,
): Promise<string | Uint8Array<ArrayBuffer> | null> {
  if (!layout) return null
  const note = query.smoothing > 0 ? `${t('run.smoothing')} ${query.smoothing}` : ''
  const picture = drawOverlay(
    { title, note, axis: t(`compare.axes.${query.axis}`), lines, layout, log },
    {
      ground: readColour('surface'),
      ink: readColour('ink'),
      faint: readColour('ink-3'),
      grid: readColour('line'),
      curve: readColour,
    },
  )
  return kind === 'svg' ? picture.svg : toPng(picture)
}

/** Of the stretch that is shown, every step as far as 16,384 of each run reach. */
async function csv({ query }: ShownOverlay): Promise<string> {
  const all = await call('runs.series', { ...query, columns: 8192, raw: query.smoothing > 0 })
  const names = new Map(useRunSelection().selected.map(({ id, name }) => [id, name]))
  return overlayCsv(all, names, query)
}
