import { z } from 'zod'
import { AppError, errorKinds } from '../../../shared/errors'
import { networkDocumentSchema } from '../../../shared/network/document'
import { runConfigSchema } from '../../../shared/training/config'

export const runFileFormat = 'convscope.run-file'
/** Raised when an older Convscope could not read what a newer one writes. */
export const runFileVersion = 1
export const manifestName = 'manifest.json'

const scoreSchema = z.strictObject({ loss: z.number(), accuracy: z.number() })
const engineSchema = z.strictObject({
  id: z.enum(['tensorflow', 'eager']),
  version: z.string().max(200),
  device: z.string().max(200),
  notice: z.string().max(2000).nullable(),
})
const errorSchema = z.strictObject({
  kind: z.enum(errorKinds),
  message: z.string().max(10_000),
  fix: z.string().max(10_000),
  params: z.record(z.string(), z.union([z.string().max(10_000), z.number()])),
})
/** How it ended; a run that went on when it was written counts as stopped. */
const stateSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('finished'), test: scoreSchema }),
  z.strictObject({ type: z.literal('stopped') }),
  z.strictObject({ type: z.literal('failed'), error: errorSchema }),
])
const time = z.int().min(0)

export const packedRunSchema = z.strictObject({
  id: z.uuid(),
  name: z.string().min(1).max(200),
  document: networkDocumentSchema,
  config: runConfigSchema,
  state: stateSchema,
  engine: engineSchema.nullable(),
  /** Unix milliseconds. */
  createdAt: time,
  endedAt: time.nullable(),
  tags: z.array(z.string().max(100)).max(100),
  note: z.string().max(100_000),
  /** Newest weights; null where there are none. */
  newest: z.string().nullable(),
})
export type PackedRun = z.infer<typeof packedRunSchema>

const partSchema = z.strictObject({
  path: z.string().max(200),
  bytes: z.int().min(0),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
})

const manifestSchema = z.strictObject({
  format: z.literal(runFileFormat),
  version: z.literal(runFileVersion),
  appVersion: z.string().max(50),
  /** Unix milliseconds. */
  writtenAt: time,
  run: packedRunSchema,
  parts: z.array(partSchema).max(50_000),
})
export type Manifest = z.infer<typeof manifestSchema>

/**
 * What a file of metrics or a checkpoint may be called. Nothing else is taken out of a run file, so that no name can lead out of
 * the run's folder.
 */
export const partName =
  /^(journal\/(steps\.bin|epochs\.jsonl|end\.json)|epoch-\d{4,9}(-step-\d{6,12})?\/(weights\.safetensors|optimizer\.safetensors|checkpoint\.json|checkpoint\.sha256))$/

/** Throws `unsupported-version` for a file of a newer Convscope, or `file-corrupt`. */
export function parseManifest(bytes: Uint8Array): Manifest {
  let value: unknown
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (error) {
    throw damaged('its list of parts is no JSON', error)
  }
  const { format, version } = z
    .looseObject({ format: z.unknown(), version: z.unknown() })
    .catch({ format: null, version: null })
    .parse(value)
  if (format !== runFileFormat) throw damaged('it is not a run of Convscope')
  if (typeof version === 'number' && version > runFileVersion) {
    throw new AppError('unsupported-version', `it was written by a newer Convscope (format ${version})`, {
      fix: 'Update Convscope, then open the file again.',
      params: { version },
    })
  }
  const parsed = manifestSchema.safeParse(value)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw damaged(`${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'it cannot be read'}`)
}

/** The file's name is put in front by whoever knows it. */
export function damaged(detail: string, cause?: unknown): AppError {
  return new AppError('file-corrupt', detail, { params: { detail }, ...(cause === undefined ? {} : { cause }) })
}
