import { z } from 'zod'
import type { InspectAnswer } from '../inspect/answers'
import { inspectQuerySchema } from '../inspect/queries'
import { inspectSourceSchema, type Moments } from '../inspect/source'
import { call, gives } from './call'

/** Looking into networks, and the clipboard for what is found there. */
export const insideCalls = {
  /** Which moments of a run can be looked at. */
  'inspect.moments': call(z.strictObject({ id: z.uuid() }), gives<Moments>()),
  /**
   * Asks a network's inside. `request` is the caller's own name for the question, for progress and `inspect.cancel`. The
   * answer's type follows the query's. Rejects with `cancelled` after a cancel.
   */
  'inspect.ask': call(
    z.strictObject({ request: z.uuid(), source: inspectSourceSchema, query: inspectQuerySchema }),
    gives<InspectAnswer>(),
  ),
  /** Ends a question early; nothing happens where it is already answered. */
  'inspect.cancel': call(z.strictObject({ request: z.uuid() }), gives<undefined>()),
  /** The text on the clipboard; empty where there is none. */
  'clipboard.read': call(z.undefined(), gives<string>()),
  /** Puts text or a PNG picture on the clipboard; the window itself has no permission to. */
  'clipboard.write': call(
    z.union([z.strictObject({ text: z.string() }), z.strictObject({ png: z.instanceof(Uint8Array) })]),
    gives<undefined>(),
  ),
} as const
