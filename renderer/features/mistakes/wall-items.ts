import type { Judgement } from '../../../shared/inspect/metrics'

/** A picture of a wall, and what stands below it. */
export interface WallItem {
  /** Place in the split. */
  readonly index: number
  readonly label: number
  readonly predicted: number
  /** Of the predicted class; null where it is not known. */
  readonly confidence: number | null
  readonly loss: number | null
}

export function wallItems(judgement: Judgement, indices: readonly number[]): WallItem[] {
  return indices.map((index) => ({
    index,
    label: judgement.labels[index] ?? 0,
    predicted: judgement.predicted[index] ?? 0,
    confidence: judgement.confidence[index] ?? null,
    loss: judgement.losses[index] ?? null,
  }))
}

/** `text`, or as much of it as fits into `width`, with an ellipsis. */
export function shorten(text: string, width: number, measure: (text: string) => number): string {
  if (measure(text) <= width) return text
  for (let length = text.length - 1; length > 0; length--) {
    const shorter = `${text.slice(0, length).trimEnd()}…`
    if (measure(shorter) <= width) return shorter
  }
  return '…'
}
