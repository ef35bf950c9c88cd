import { readColour, withAlpha } from '../lib/palette'

/** Colours of a chart in the theme in force. */
export interface ChartLook {
  readonly ink: string
  readonly faint: string
  readonly grid: string
  readonly surface: string
  readonly accent: string
  readonly accentSoft: string
  readonly tooltip: string
  readonly tooltipInk: string
  readonly series: Readonly<Record<SeriesColour, string>>
}

/** What a series stands for: training in ink, validation and other results in green. */
export type SeriesColour = 'ink-2' | 'ink-3' | 'result' | 'data' | 'weight'

export function readLook(): ChartLook {
  const accent = readColour('accent')
  return {
    ink: readColour('ink-2'),
    faint: readColour('ink-3'),
    grid: readColour('line'),
    surface: readColour('surface'),
    accent,
    accentSoft: withAlpha(accent, 0.14),
    tooltip: readColour('ink'),
    tooltipInk: readColour('bg'),
    series: {
      'ink-2': readColour('ink-2'),
      'ink-3': readColour('ink-3'),
      result: readColour('result'),
      data: readColour('data'),
      weight: readColour('weight'),
    },
  }
}

export const chartFont = {
  family: "'Inter Variable', 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', sans-serif",
  size: 11,
}
