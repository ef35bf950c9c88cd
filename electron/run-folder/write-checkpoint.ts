import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { AppError, toWire } from '../../shared/errors'
import { writeSafetensors } from '../../shared/formats/safetensors'
import type { NamedTensors } from '../../shared/formats/tensors'
import type { NetworkDocument } from '../../shared/network/document'
import {
  checkpointFolder,
  metaFile,
  optimizerFile,
  sumsFile,
  weightsFile,
  type Position,
} from '../../shared/training/checkpoint-names'
import type { RunConfig } from '../../shared/training/config'
import type { LoopState } from '../../shared/training/loop-state'
import type { EngineReport } from '../../shared/training/state'
import { diskFiles, type RunFiles } from './files'
import { writeFolder, type FileContent } from './write-folder'

export interface Checkpoint {
  readonly position: Position
  readonly document: NetworkDocument
  readonly config: RunConfig
  readonly engine: EngineReport
  readonly loop: LoopState
  /** Fingerprint of the pictures it was trained with; null where an older version did not note it. */
  readonly data: string | null
  /** By PyTorch's names, in its layouts. */
  readonly weights: NamedTensors
  readonly optimizer: NamedTensors
}

/**
 * Writes a checkpoint into its own folder of the run, all of it or nothing. Gives the weights' path relative to `runFolder`.
 * Throws `disk-full` and the like naming the folder; earlier checkpoints stay as they are.
 */
export function writeCheckpoint(runFolder: string, checkpoint: Checkpoint, files: RunFiles = diskFiles): string {
  return write(runFolder, checkpointFolder(checkpoint.position), contents(checkpoint), files)
}

/** Keeps what a run begins with, to be looked at later. The same errors as `writeCheckpoint`. */
export function writeInitialWeights(
  runFolder: string,
  weights: NamedTensors,
  network: string,
  files: RunFiles = diskFiles,
): void {
  const bytes = writeSafetensors(weights, { network, epoch: '0', step: '0' })
  write(runFolder, checkpointFolder({ epoch: 0, stepInEpoch: 0 }), [[weightsFile, bytes]], files)
}

function write(runFolder: string, name: string, content: readonly FileContent[], files: RunFiles): string {
  try {
    writeFolder(runFolder, name, content, files)
  } catch (error) {
    throw explain(error, join(runFolder, name))
  }
  return `${name}/${weightsFile}`
}

function contents({ position, document, config, engine, loop, data, weights, optimizer }: Checkpoint): FileContent[] {
  const meta = { format: 'convscope.checkpoint', version: 2, ...position, loop, data, config, engine, document }
  const note = { network: document.name, epoch: String(position.epoch), step: String(position.step) }
  const content: FileContent[] = [
    [weightsFile, writeSafetensors(weights, note)],
    [optimizerFile, writeSafetensors(optimizer, note)],
    [metaFile, new TextEncoder().encode(`${JSON.stringify(meta, null, 2)}\n`)],
  ]
  return [...content, [sumsFile, new TextEncoder().encode(sums(content))]]
}

/** As `sha256sum` writes and checks them. */
function sums(content: readonly FileContent[]): string {
  return content.map(([name, bytes]) => `${sha256(bytes)}  ${name}\n`).join('')
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

function explain(error: unknown, target: string): AppError {
  const { kind, message } = toWire(error)
  const full = kind === 'disk-full'
  const what = full ? 'The disk is full' : message
  return new AppError(kind, `The weights could not be saved as ${target}: ${what}.`, {
    fix: full
      ? 'Make room on the disk. The checkpoints before are kept.'
      : 'See that the folder can be written to. The checkpoints before are kept.',
    params: { folder: target, detail: message },
    cause: error,
  })
}
