import { join } from 'node:path'
import { AppError, toWire } from '../../../shared/errors'
import { writeSafetensors } from '../../../shared/formats/safetensors'
import type { NamedTensors } from '../../../shared/formats/tensors'
import type { NetworkDocument } from '../../../shared/network/document'
import {
  checkpointFolder,
  metaFile,
  optimizerFile,
  weightsFile,
  type Position,
} from '../../../shared/training/checkpoint-names'
import type { RunConfig } from '../../../shared/training/config'
import type { EngineReport } from '../../../shared/training/state'
import { diskFiles, type CheckpointFiles } from './files'

export interface Checkpoint {
  readonly position: Position
  readonly document: NetworkDocument
  readonly config: RunConfig
  readonly engine: EngineReport
  /** By PyTorch's names, in its layouts. */
  readonly weights: NamedTensors
  readonly optimizer: NamedTensors
}

/**
 * Writes a checkpoint into its own folder of the run, all of it or nothing. Gives the weights' path relative to `runFolder`.
 * Throws `disk-full` and the like naming the folder; earlier checkpoints stay as they are.
 */
export function writeCheckpoint(runFolder: string, checkpoint: Checkpoint, files: CheckpointFiles = diskFiles): string {
  return writeFolder(runFolder, checkpointFolder(checkpoint.position), contents(checkpoint), files)
}

/** Keeps what a run begins with, to be looked at later. The same errors as `writeCheckpoint`. */
export function writeInitialWeights(
  runFolder: string,
  weights: NamedTensors,
  network: string,
  files: CheckpointFiles = diskFiles,
): void {
  const bytes = writeSafetensors(weights, { network, epoch: '0', step: '0' })
  writeFolder(runFolder, checkpointFolder({ epoch: 0, stepInEpoch: 0 }), [[weightsFile, bytes]], files)
}

/**
 * The files are made in a temporary folder beside their own, flushed to the disk, and the folder then takes its name. Gives
 * the path of the weights within `runFolder`.
 */
function writeFolder(
  runFolder: string,
  name: string,
  content: readonly (readonly [string, Uint8Array])[],
  files: CheckpointFiles,
): string {
  const target = join(runFolder, name)
  const unfinished = join(runFolder, `.${name}.part`)
  const outdated = join(runFolder, `.${name}.old`)
  try {
    files.makeFolder(runFolder)
    files.remove(unfinished)
    files.makeFolder(unfinished)
    for (const [file, bytes] of content) files.write(join(unfinished, file), bytes)
    files.syncFolder(unfinished)
    setAside(files, target, outdated)
    files.rename(unfinished, target)
    files.syncFolder(runFolder)
    removeQuietly(files, outdated)
  } catch (error) {
    removeQuietly(files, unfinished)
    throw explain(error, target)
  }
  return `${name}/${weightsFile}`
}

/** Frees two thirds of an older checkpoint's space: its optimizer's slots, which only going on from it would need. */
export function dropOptimizerState(runFolder: string, position: Position, files: CheckpointFiles = diskFiles): void {
  removeQuietly(files, join(runFolder, checkpointFolder(position), optimizerFile))
}

function contents({ position, document, config, engine, weights, optimizer }: Checkpoint): [string, Uint8Array][] {
  const meta = { format: 'convscope.checkpoint', version: 1, ...position, config, engine, document }
  const note = { network: document.name, epoch: String(position.epoch), step: String(position.step) }
  return [
    [weightsFile, writeSafetensors(weights, note)],
    [optimizerFile, writeSafetensors(optimizer, note)],
    [metaFile, new TextEncoder().encode(`${JSON.stringify(meta, null, 2)}\n`)],
  ]
}

/** A folder cannot be renamed onto another one that holds files. */
function setAside(files: CheckpointFiles, target: string, aside: string): void {
  files.remove(aside)
  try {
    files.rename(target, aside)
  } catch (error) {
    if (toWire(error).kind !== 'not-found') throw error
  }
}

function removeQuietly(files: CheckpointFiles, path: string): void {
  try {
    files.remove(path)
  } catch {
    // Left behind: it is in nobody's way, and the error that matters is another.
  }
}

function explain(error: unknown, target: string): AppError {
  const { kind, message } = toWire(error)
  const full = kind === 'disk-full'
  const what = full ? 'The disk is full' : message
  return new AppError(kind, `The weights could not be saved as ${target}: ${what}.`, {
    fix: full
      ? 'Make room on the disk, then train again. The checkpoints of earlier epochs are kept.'
      : 'See that the folder can be written to. The checkpoints of earlier epochs are kept.',
    params: { folder: target, detail: message },
    cause: error,
  })
}
