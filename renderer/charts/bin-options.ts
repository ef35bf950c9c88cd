import type { ChartOptions, TooltipItem } from 'chart.js'
import { commonOptions, tickLook, tooltipLook } from './common-options'
import { chartFont, type ChartLook, type SeriesColour } from './look'

export interface BinSeries {
  readonly label: string
  readonly colour: SeriesColour
  readonly opacity: number
  /** One a bin; null leaves it out. */
  readonly values: readonly (number | null)[]
}

export interface BinTexts {
  readonly titleX: string
  readonly titleY: string
  readonly formatX: (x: number) => string
  readonly formatY: (y: number) => string
  /** Heading and lines of the tooltip of a bin. */
  readonly tooltip: (bin: number) => { readonly title: string; readonly lines: readonly string[] }
}

export interface BinScale {
  readonly bins: number
  readonly log: boolean
  readonly top: number | null
}

/** Everything but the data; nothing is animated. */
export function binOptions(look: ChartLook, scale: BinScale, texts: BinTexts): ChartOptions<'bar' | 'line'> {
  const ticks = tickLook(look)
  const title = { display: true, color: look.faint, font: chartFont }
  const binOf = (items: TooltipItem<'bar' | 'line'>[]) =>
    Math.min(scale.bins - 1, Math.floor((items[0]?.parsed.x ?? 0) * scale.bins))
  return {
    ...commonOptions,
    layout: { padding: { top: 6, right: 8 } },
    scales: {
      x: {
        type: 'linear',
        min: 0,
        max: 1,
        offset: false,
        stacked: true,
        grid: { display: false },
        border: { color: look.grid },
        title: { ...title, text: texts.titleX },
        ticks: { ...ticks, stepSize: 0.2, callback: (value) => texts.formatX(Number(value)) },
      },
      y: {
        type: scale.log ? 'logarithmic' : 'linear',
        min: scale.log ? 0.5 : 0,
        ...(scale.top === null ? {} : { max: scale.top }),
        stacked: true,
        grid: { color: look.grid, drawTicks: false },
        border: { display: false },
        title: { ...title, text: texts.titleY },
        ticks: {
          ...ticks,
          maxTicksLimit: 6,
          callback: (value) => (scale.log ? powerOfTen(Number(value), texts) : texts.formatY(Number(value))),
        },
      },
    },
    plugins: {
      legend: { display: false },
      tooltip: {
        ...tooltipLook(look),
        // The diagonal has nothing to say, and one bar speaks for all that stand on it.
        filter: (item, place, items) => item.dataset.type !== 'line' && place === items.findIndex(isBar),
        callbacks: {
          title: (items) => texts.tooltip(binOf(items)).title,
          label: (item) => [...texts.tooltip(binOf([item])).lines],
        },
      },
    },
  }
}

function isBar(item: TooltipItem<'bar' | 'line'>): boolean {
  return item.dataset.type !== 'line'
}

function powerOfTen(value: number, texts: BinTexts): string | null {
  return Math.abs(Math.log10(value) - Math.round(Math.log10(value))) < 1e-6 ? texts.formatY(value) : null
}
