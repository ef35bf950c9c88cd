import { existsSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { z } from 'zod'
import { AppError, toWire } from '../../../shared/errors'
import { checkpointFolder, metaFile, optimizerFile, weightsFile } from '../../../shared/training/checkpoint-names'
import { initialLoopState, loopStateSchema, type LoopState } from '../../../shared/training/loop-state'

/** What a checkpoint remembers besides weights and optimizer, as far as a project needs it. */
const metaSchema = z.object({
  epoch: z.int().min(0),
  step: z.int().min(0),
  stepInEpoch: z.int().min(0),
  /** Older checkpoints have none: those runs had neither a plateau nor early stopping. */
  loop: loopStateSchema.default(initialLoopState),
})

export interface CheckpointSource {
  /** Safetensors with PyTorch's names. */
  readonly weights: Uint8Array
  /** Null where the checkpoint has given its optimizer's slots up for space. */
  readonly optimizer: Uint8Array | null
  readonly position: { readonly epoch: number; readonly step: number; readonly stepInEpoch: number }
  readonly loop: LoopState
  /** Weights of the best epoch before; null where that is none, or they are not kept. */
  readonly best: Uint8Array | null
}

/** Reads a checkpoint's folder. Throws `not-found` or `data-corrupt` naming the file. */
export function readCheckpointSource(folder: string): CheckpointSource {
  const { epoch, step, stepInEpoch, loop } = isStart(folder) ? start : readMeta(join(folder, metaFile))
  const optimizer = join(folder, optimizerFile)
  return {
    weights: readBytes(join(folder, weightsFile)),
    optimizer: existsSync(optimizer) ? readBytes(optimizer) : null,
    position: { epoch, step, stepInEpoch },
    loop,
    best: bestWeights(folder, loop, { epoch, stepInEpoch }),
  }
}

const start = { epoch: 0, step: 0, stepInEpoch: 0, loop: initialLoopState }

/** The folder of what a run began with holds weights, and nothing else. */
function isStart(folder: string): boolean {
  return basename(folder) === checkpointFolder(start) && !existsSync(join(folder, metaFile))
}

function bestWeights(
  folder: string,
  { best }: LoopState,
  { epoch, stepInEpoch }: Pick<CheckpointSource['position'], 'epoch' | 'stepInEpoch'>,
): Uint8Array | null {
  if (best === null || (best.epoch === epoch && stepInEpoch === 0)) return null
  const file = join(dirname(folder), checkpointFolder({ epoch: best.epoch, stepInEpoch: 0 }), weightsFile)
  return existsSync(file) ? readBytes(file) : null
}

function readMeta(file: string): z.infer<typeof metaSchema> {
  const text = new TextDecoder().decode(readBytes(file))
  try {
    return metaSchema.parse(JSON.parse(text))
  } catch (error) {
    throw new AppError('data-corrupt', `The checkpoint ${file} is damaged: ${toWire(error).message}`, {
      fix: 'Choose another checkpoint of the run.',
      params: { source: file, detail: toWire(error).message },
      cause: error,
    })
  }
}

function readBytes(file: string): Uint8Array {
  try {
    return readFileSync(file)
  } catch (error) {
    const { kind, message } = toWire(error)
    throw new AppError(kind, `${file} cannot be read: ${message}`, {
      fix: 'It may have been moved or deleted. Choose another checkpoint of the run.',
      params: { source: file, detail: message },
      cause: error,
    })
  }
}
