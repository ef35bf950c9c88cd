import type { ChartConfiguration, ChartOptions, Scale, TooltipItem } from 'chart.js'
import type { Point } from '../lib/decimate'
import { commonOptions, tickLook, tooltipLook } from './common-options'
import type { ChartLook, SeriesColour } from './look'
import { withAlpha } from '../lib/palette'
import { logTicks } from './ticks'

export interface Series {
  readonly label: string
  readonly colour: SeriesColour
  readonly points: Point[]
  readonly width: number
  readonly opacity?: number
  readonly dash?: readonly number[]
  /** Marks each point; for few points. */
  readonly dots?: boolean
}

export interface ChartTexts {
  /** Heading and lines of the tooltip at `x`. */
  readonly tooltip: (x: number) => { readonly title: string; readonly lines: readonly string[] }
  readonly formatX: (x: number) => string
  readonly formatY: (y: number) => string
}

export interface ChartScale {
  readonly log: boolean
  /** Whole numbers only, as for epochs. */
  readonly wholeX: boolean
  /** Bounds of y; from the data where absent. */
  readonly bounds: { readonly min?: number; readonly max?: number }
}

export type LineConfiguration = ChartConfiguration<'line', Point[], never>
export type LineDataset = LineConfiguration['data']['datasets'][number]

export function toDataset(series: Series, look: ChartLook): LineDataset {
  const colour = withAlpha(look.series[series.colour], series.opacity ?? 1)
  return {
    label: series.label,
    data: series.points,
    borderColor: colour,
    backgroundColor: colour,
    borderWidth: series.width,
    borderDash: [...(series.dash ?? [])],
    borderJoinStyle: 'round',
    pointRadius: series.dots ? 2.5 : 0,
    pointHoverRadius: series.dots ? 4 : 3,
    pointHitRadius: 0,
    pointBorderWidth: 0,
    // Dots at the first and the last epoch stand half outside.
    ...(series.dots ? { clip: 6 } : {}),
    tension: 0,
  }
}

/** Everything but the data. Numbers arrive parsed and sorted; nothing is animated. */
export function chartOptions(
  look: ChartLook,
  scale: ChartScale,
  texts: ChartTexts,
  onZoom: () => void,
): ChartOptions<'line'> {
  const ticks = tickLook(look)
  const grid = { color: look.grid, drawTicks: false }
  const first = (items: TooltipItem<'line'>[]) => items[0]?.parsed.x ?? 0
  return {
    ...commonOptions,
    parsing: false,
    normalized: true,
    layout: { padding: { top: 4, right: 6 } },
    scales: {
      x: {
        type: 'linear',
        grid: { ...grid, display: false },
        border: { color: look.grid },
        ticks: {
          ...ticks,
          autoSkipPadding: 24,
          ...(scale.wholeX ? { precision: 0 } : {}),
          callback: (value) => texts.formatX(Number(value)),
        },
      },
      y: {
        type: scale.log ? 'logarithmic' : 'linear',
        min: scale.log ? undefined : scale.bounds.min,
        max: scale.log ? undefined : scale.bounds.max,
        grid,
        border: { display: false },
        ticks: { ...ticks, maxTicksLimit: scale.log ? 10 : 6, callback: (value) => texts.formatY(Number(value)) },
        ...(scale.log ? { afterBuildTicks: writeLog } : {}),
      },
    },
    plugins: {
      legend: { display: false },
      tooltip: {
        ...tooltipLook(look),
        callbacks: {
          title: (items) => texts.tooltip(first(items)).title,
          // One entry speaks for all series at this place.
          label: (item) =>
            item.datasetIndex === smallestDataset(item) ? [...texts.tooltip(item.parsed.x ?? 0).lines] : [],
        },
      },
      zoom: {
        limits: { x: { min: 'original', max: 'original', minRange: 4 } },
        pan: { enabled: true, mode: 'x', modifierKey: 'shift', onPanComplete: onZoom },
        zoom: {
          mode: 'x',
          wheel: { enabled: true, modifierKey: 'ctrl' },
          drag: {
            enabled: true,
            backgroundColor: look.accentSoft,
            borderColor: look.accent,
            borderWidth: 1,
            threshold: 6,
          },
          onZoom,
        },
      },
    },
  }
}

function smallestDataset(item: TooltipItem<'line'>): number {
  const active = item.chart.getActiveElements()
  return active.length === 0 ? item.datasetIndex : Math.min(...active.map((element) => element.datasetIndex))
}

function writeLog(axis: Scale): void {
  axis.ticks = logTicks(axis.min, axis.max).map((value) => ({ value }))
}
