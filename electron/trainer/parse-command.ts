import { z } from 'zod'
import { networkDocumentSchema } from '../../shared/network/document'
import { runConfigSchema } from '../../shared/training/config'
import type { TrainerCommand } from '../../shared/training/messages'

const commandSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('start'),
    document: networkDocumentSchema,
    config: runConfigSchema,
    dataFolders: z.record(z.string(), z.string()),
    runFolder: z.string().min(1),
    initialWeights: z.string().nullable(),
  }),
  z.strictObject({ type: z.literal('pause') }),
  z.strictObject({ type: z.literal('resume') }),
  z.strictObject({ type: z.literal('stop') }),
  z.strictObject({
    type: z.literal('inspect'),
    request: z.int(),
    what: z.strictObject({ type: z.literal('kernels'), layer: z.string() }),
  }),
]) satisfies z.ZodType<TrainerCommand>

/** Checks a message from the main process; throws zod's error naming the field. */
export function parseCommand(message: unknown): TrainerCommand {
  return commandSchema.parse(message)
}
