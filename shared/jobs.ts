import type { WireError } from './errors'

/** What a program says that does one job and ends: any number of `progress`, then one of the others; silence is a crash. */
export type JobEvent<Progress, Result> =
  | { readonly type: 'progress'; readonly progress: Progress }
  | { readonly type: 'done'; readonly result: Result }
  | { readonly type: 'failed'; readonly error: WireError }
