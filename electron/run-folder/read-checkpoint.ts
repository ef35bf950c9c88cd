import { join } from 'node:path'
import { z } from 'zod'
import { AppError, toWire, type WireError } from '../../shared/errors'
import { readSafetensors } from '../../shared/formats/safetensors'
import type { NamedTensors } from '../../shared/formats/tensors'
import { networkDocumentSchema, type NetworkDocument } from '../../shared/network/document'
import { metaFile, optimizerFile, sumsFile, weightsFile, type Position } from '../../shared/training/checkpoint-names'
import { runConfigSchema, type RunConfig } from '../../shared/training/config'
import { loopStateSchema, type LoopState } from '../../shared/training/loop-state'
import type { EngineReport } from '../../shared/training/state'
import { diskFiles, type RunFiles } from './files'
import { listMoments } from './moments'
import { sha256, type Checkpoint } from './write-checkpoint'

const engineSchema = z.object({
  id: z.enum(['tensorflow', 'eager']),
  version: z.string(),
  device: z.string(),
  notice: z.string().nullable(),
})

const metaSchema = z.object({
  format: z.literal('convscope.checkpoint'),
  version: z.literal(2),
  epoch: z.int().min(0),
  step: z.int().min(0),
  stepInEpoch: z.int().min(0),
  loop: loopStateSchema,
  /** Missing in checkpoints of older versions. */
  data: z.string().nullable().default(null),
  config: runConfigSchema,
  engine: engineSchema,
  document: networkDocumentSchema,
})

export interface CheckpointMeta {
  readonly position: Position
  readonly loop: LoopState
  readonly data: string | null
  readonly config: RunConfig
  readonly engine: EngineReport
  readonly document: NetworkDocument
}

/** Folders of a run that hold a checkpoint to go on from, the newest first. Whether they are sound is not looked at. */
export function listCheckpoints(runFolder: string, files: RunFiles = diskFiles): string[] {
  return listMoments(runFolder, files).flatMap(({ name }) =>
    isResumable(files.list(join(runFolder, name))) ? [name] : [],
  )
}

/** Its optimizer's slots are there; `epoch-0000` and older epochs have none. A sum that is missing is damage, found later. */
function isResumable(names: readonly string[]): boolean {
  return names.includes(optimizerFile)
}

/** What a checkpoint says of itself. Throws `data-corrupt` naming the file that is missing or damaged. */
export function readCheckpointMeta(folder: string, files: RunFiles = diskFiles): CheckpointMeta {
  return parseMeta(readVerified(folder, metaFile, readSums(folder, files), files), join(folder, metaFile))
}

/** A whole checkpoint, every file compared with its SHA-256. Throws `data-corrupt` naming the file. */
export function readCheckpoint(folder: string, files: RunFiles = diskFiles): Checkpoint {
  const expected = readSums(folder, files)
  const meta = parseMeta(readVerified(folder, metaFile, expected, files), join(folder, metaFile))
  return { ...meta, weights: tensors(weightsFile), optimizer: tensors(optimizerFile) }

  function tensors(name: string): NamedTensors {
    return readSafetensors(readVerified(folder, name, expected, files), join(folder, name)).tensors
  }
}

export interface FoundCheckpoint {
  readonly checkpoint: Checkpoint
  /** Newer ones that are torn or damaged. */
  readonly damaged: readonly WireError[]
}

/** The newest checkpoint that is sound; null where there is none at all. Damaged ones are passed over, and told. */
export function findCheckpoint(
  runFolder: string,
  files: RunFiles = diskFiles,
): FoundCheckpoint | { readonly checkpoint: null; readonly damaged: readonly WireError[] } {
  const damaged: WireError[] = []
  for (const name of listCheckpoints(runFolder, files)) {
    try {
      return { checkpoint: readCheckpoint(join(runFolder, name), files), damaged }
    } catch (error) {
      damaged.push(toWire(error))
    }
  }
  return { checkpoint: null, damaged }
}

function readSums(folder: string, files: RunFiles): ReadonlyMap<string, string> {
  const text = new TextDecoder().decode(readWhole(folder, sumsFile, files))
  return new Map([...text.matchAll(/^([0-9a-f]{64}) {2}(.+)$/gm)].map(([, sum = '', name = '']) => [name, sum]))
}

function readVerified(folder: string, name: string, sums: ReadonlyMap<string, string>, files: RunFiles): Uint8Array {
  const bytes = readWhole(folder, name, files)
  if (sha256(bytes) === sums.get(name)) return bytes
  throw corrupt(join(folder, name), 'its content is not what was written')
}

function readWhole(folder: string, name: string, files: RunFiles): Uint8Array {
  try {
    return files.read(join(folder, name))
  } catch (error) {
    throw corrupt(join(folder, name), toWire(error).message, error)
  }
}

function parseMeta(bytes: Uint8Array, file: string): CheckpointMeta {
  try {
    const { epoch, step, stepInEpoch, loop, data, config, engine, document } = metaSchema.parse(
      JSON.parse(new TextDecoder().decode(bytes)),
    )
    return { position: { epoch, step, stepInEpoch }, loop, data, config, engine, document }
  } catch (error) {
    throw corrupt(file, error instanceof Error ? error.message : String(error), error)
  }
}

function corrupt(file: string, detail: string, cause?: unknown): AppError {
  return new AppError('data-corrupt', `The checkpoint ${file} is damaged: ${detail}.`, {
    fix: 'The checkpoint before it is used.',
    params: { source: file, detail },
    cause,
  })
}
