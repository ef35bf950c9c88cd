import { z } from 'zod'
import type { InspectorCommand } from '../../shared/inspect/messages'
import { inspectQuerySchema } from '../../shared/inspect/queries'
import { networkDocumentSchema } from '../../shared/network/document'
import { runConfigSchema } from '../../shared/training/config'
import type { TrainerCommand } from '../../shared/training/messages'
import { findRateSchema, type FindRateCommand } from '../../shared/training/range-messages'

const engineWeightSchema = z.strictObject({
  name: z.string(),
  values: z.instanceof(Float32Array),
  rowsOf: z.tuple([z.int(), z.int(), z.int()]).nullable(),
})
const originSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('file'), file: z.string() }),
  z.strictObject({ type: z.literal('initial') }),
  z.strictObject({ type: z.literal('live'), number: z.int() }),
])

const commandSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('start'),
    document: networkDocumentSchema,
    config: runConfigSchema,
    dataFolders: z.record(z.string(), z.string()),
    runFolder: z.string().min(1),
    initialWeights: z.string().nullable(),
    initialOptimizer: z.string().nullable(),
    resume: z.enum(['exactly', 'further']).nullable(),
  }),
  z.strictObject({ type: z.literal('pause') }),
  z.strictObject({ type: z.literal('resume') }),
  z.strictObject({ type: z.literal('stop') }),
  z.strictObject({ type: z.literal('connect') }),
  z.strictObject({
    type: z.literal('inspect'),
    request: z.int(),
    what: z.discriminatedUnion('type', [
      z.strictObject({ type: z.literal('kernels'), layer: z.string() }),
      z.strictObject({ type: z.literal('weights') }),
    ]),
  }),
  z.strictObject({
    type: z.literal('look'),
    document: networkDocumentSchema,
    config: runConfigSchema,
    dataFolder: z.string().nullable(),
  }),
  z.strictObject({ type: z.literal('weights'), number: z.int(), weights: z.array(engineWeightSchema) }),
  z.strictObject({ type: z.literal('ask'), request: z.string(), weights: originSchema, query: inspectQuerySchema }),
  z.strictObject({ type: z.literal('cancel'), request: z.string() }),
  findRateSchema,
]) satisfies z.ZodType<TrainerCommand | InspectorCommand | FindRateCommand>

/** Checks a message from the main process; throws zod's error naming the field. */
export function parseCommand(message: unknown): TrainerCommand | InspectorCommand | FindRateCommand {
  return commandSchema.parse(message)
}
