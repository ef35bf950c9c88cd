/**
 * Questions a second while a run trains. Each costs this process and the window a few milliseconds, which the training loses:
 * with 20 a second it was up to a tenth slower on two cores.
 */
const perSecond = 10
/** So many may come at once, as when several views ask about one stroke of a drawing. */
const burst = 4

export interface RestraintOptions {
  readonly now?: () => number
  readonly wait?: (milliseconds: number) => Promise<void>
}

/** Keeps those who ask without a pause from taking the processor from a training. */
export interface Restraint {
  /** Resolves when it is this question's turn, in the order of the calls. */
  turn(): Promise<void>
}

export function createRestraint({ now = () => performance.now(), wait = sleep }: RestraintOptions = {}): Restraint {
  const gap = 1000 / perSecond
  /** When the next question would come if all came evenly. */
  let due = -Infinity
  return {
    async turn() {
      const at = now()
      due = Math.max(due, at - (burst - 1) * gap)
      const pause = due - at
      due += gap
      if (pause > 0) await wait(pause)
    },
  }
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}
