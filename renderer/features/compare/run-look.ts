/** How a run's curve is drawn among others: a colour that colour-blind eyes tell apart, and then a dash. */
export interface RunLook {
  /** A token's name. */
  readonly colour: string
  /** Lengths of dashes and gaps in pixels; empty for a whole line. */
  readonly dash: readonly number[]
}

const colourCount = 8
const dashes: readonly (readonly number[])[] = [[], [7, 4], [2, 3], [9, 3, 2, 3]]

/** The look of number `n`; all 32 are different, then they begin again. */
export function lookOf(n: number): RunLook {
  return {
    colour: `curve-${(n % colourCount) + 1}`,
    dash: dashes[Math.floor(n / colourCount) % dashes.length] ?? [],
  }
}
