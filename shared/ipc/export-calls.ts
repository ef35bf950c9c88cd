import { z } from 'zod'
import { exportFormats, exportMomentSchema, type ExportProgress, type ExportRecord } from '../exports/exports'
import { call, gives } from './call'

export const exportCalls = {
  /**
   * Asks where to, writes, and proves it; null when the person changed their mind. `request` is the caller's own name for
   * it. Where the record's proof does not agree, and after every error, the target is what it was before. Rejects with
   * `cancelled` after a cancel, `not-found` where the weights are gone.
   */
  'exports.start': call(
    z.strictObject({
      request: z.uuid(),
      run: z.uuid(),
      format: z.enum(exportFormats),
      moment: exportMomentSchema,
      /** A PyTorch project as one zip file; nothing else is packed. */
      zip: z.boolean(),
    }),
    gives<ExportRecord | null>(),
  ),
  'exports.cancel': call(z.strictObject({ request: z.uuid() }), gives<undefined>()),
  /** Of one run, the newest first. */
  'exports.list': call(z.strictObject({ run: z.uuid() }), gives<ExportRecord[]>()),
  /** Shows what was exported in the system's file manager; false where it is not there any more. */
  'exports.show': call(z.strictObject({ id: z.uuid() }), gives<boolean>()),
} as const

export interface ExportEvents {
  readonly 'exports.progress': { readonly request: string; readonly progress: ExportProgress }
}
