import type { Output } from './output'

/** What every command gets from the program around it. */
export interface CliContext {
  readonly output: Output
  /** Calls `listener` at each Ctrl+C (or polite kill) until the function that it returns is called. */
  onInterrupt(listener: () => void): () => void
  exitCode: number
}
