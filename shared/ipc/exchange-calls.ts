import { z } from 'zod'
import type { ArchiveProgress } from './archive-progress'
import { call, gives } from './call'
import type { RunSummary } from './contract'
import type { ReadImportFile } from './document-calls'

/** `exists`: nothing was taken in, since the run of the file at `path` is here already. */
export type OpenedRunFile =
  | { readonly type: 'opened'; readonly run: RunSummary }
  | { readonly type: 'exists'; readonly run: RunSummary; readonly path: string }

export const packedCheckpoints = ['newest', 'all'] as const

/** Weights and runs that enter or leave the app as files. */
export const exchangeCalls = {
  /** The bytes of a file of weights, or of one that is asked for where `path` is null; null when no file was chosen. */
  'weights.read': call(z.strictObject({ path: z.string().nullable() }), gives<ReadImportFile | null>()),
  /**
   * Asks where, and writes a run as one file, to open elsewhere; gives the path, or null when the person changed their mind.
   * Rejects with `cancelled` after a cancel.
   */
  'exchange.pack': call(
    z.strictObject({
      id: z.uuid(),
      /** The newest weights, or those of every moment that is kept. */
      checkpoints: z.enum(packedCheckpoints),
      /** Also the optimizer's state, to train on. */
      optimizer: z.boolean(),
    }),
    gives<string | null>(),
  ),
  /** Takes in a run file, or one that is asked for where `path` is null; null when no file was chosen. `cancelled` as above. */
  'exchange.open': call(
    z.strictObject({ path: z.string().nullable(), copy: z.boolean() }),
    gives<OpenedRunFile | null>(),
  ),
  /** Ends what is written or read now; nothing of it is kept. */
  'exchange.cancel': call(z.undefined(), gives<undefined>()),
  /** Whether a file holds a run: run files and networks have the same ending. */
  'exchange.isRun': call(z.strictObject({ path: z.string() }), gives<boolean>()),
} as const

export interface ExchangeEvents {
  /** Of the run file that is written or read now. */
  readonly 'exchange.progress': ArchiveProgress
}
