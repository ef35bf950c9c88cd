import { chartFont, type ChartLook } from './look'

// What all charts look like.

/** Of both axes. */
export function tickLook(look: ChartLook) {
  return { color: look.faint, font: chartFont, maxRotation: 0, padding: 6 }
}

export function tooltipLook(look: ChartLook) {
  return {
    backgroundColor: look.tooltip,
    titleColor: look.tooltipInk,
    bodyColor: look.tooltipInk,
    titleFont: { ...chartFont, weight: 600 },
    bodyFont: chartFont,
    padding: 8,
    cornerRadius: 7,
    displayColors: false,
  }
}

/** Fills its box, is not animated, and tells of the place nearest to the pointer. */
export const commonOptions = {
  animation: false,
  responsive: true,
  maintainAspectRatio: false,
  interaction: { mode: 'nearest', axis: 'x', intersect: false },
} as const
