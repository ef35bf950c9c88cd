import { join } from 'node:path'
import { AppError, toWire, type WireError } from '../../shared/errors'
import { readSafetensors } from '../../shared/formats/safetensors'
import type { NamedTensors } from '../../shared/formats/tensors'
import type { SoundNetwork } from '../../shared/network/analyze'
import { checkpointFolder, weightsFile, type Position } from '../../shared/training/checkpoint-names'
import { continueLoop, initialLoopState, type LoopState } from '../../shared/training/loop-state'
import type { StartCommand } from '../../shared/training/messages'
import type { EngineReport } from '../../shared/training/state'
import { diskFiles, type RunFiles } from '../run-folder/files'
import { findCheckpoint } from '../run-folder/read-checkpoint'
import { initialWeights } from './engines/weights/initial'
import { loadSomeWeights } from './load-weights'

/** Where a run begins or goes on. */
export interface RunStart {
  readonly position: Position
  readonly loop: LoopState
  /** The weights' file relative to the run's folder; null where no checkpoint was made yet. */
  readonly newest: string | null
}

export interface StartingState extends RunStart {
  readonly weights: NamedTensors
  /** Null for an optimizer that has done nothing yet. */
  readonly optimizer: NamedTensors | null
  /** The engine that made the checkpoint; null where there is none. */
  readonly engine: EngineReport | null
  /** Fingerprint of the pictures that the checkpoint was trained with; null where it is not known. */
  readonly data: string | null
  readonly notices: readonly WireError[]
}

const beginning = {
  position: { epoch: 0, step: 0, stepInEpoch: 0 },
  loop: initialLoopState,
  newest: null,
  engine: null,
  data: null,
}

/** Reads what a run starts with. Throws `not-found`, `invalid-input` or `data-corrupt` naming the file. */
export function startingState(
  command: StartCommand,
  network: SoundNetwork,
  files: RunFiles = diskFiles,
): StartingState {
  return command.resume === null ? begin(command, network, []) : resume(command, network, files)
}

function begin(command: StartCommand, network: SoundNetwork, notices: readonly WireError[]): StartingState {
  const { initialWeights: file, initialOptimizer, config } = command
  const drawn = initialWeights(network, config.init, config.seed)
  return {
    ...beginning,
    weights: file === null ? drawn : loadSomeWeights(network, file, drawn),
    optimizer: initialOptimizer === null ? null : readTensors(initialOptimizer, diskFiles),
    notices,
  }
}

function resume(command: StartCommand, network: SoundNetwork, files: RunFiles): StartingState {
  const { runFolder } = command
  const { checkpoint, damaged } = findCheckpoint(runFolder, files)
  if (checkpoint === null) return { ...fromInitial(command, network, files), notices: damaged }
  const { position, loop, weights, optimizer, engine, data } = checkpoint
  return {
    position,
    loop: command.resume === 'further' ? continueLoop(loop) : loop,
    newest: `${checkpointFolder(position)}/${weightsFile}`,
    weights,
    optimizer,
    engine,
    data,
    notices: damaged,
  }
}

/** A run that ended before its first checkpoint: its first weights, which it may have been given, are in its folder. */
function fromInitial(command: StartCommand, network: SoundNetwork, files: RunFiles): StartingState {
  const file = join(command.runFolder, checkpointFolder({ epoch: 0, stepInEpoch: 0 }), weightsFile)
  try {
    const kept = readTensors(file, files)
    return { ...begin({ ...command, initialWeights: null }, network, []), weights: kept }
  } catch (error) {
    const { kind } = toWire(error)
    if (kind !== 'not-found') throw error
    return begin(command, network, [])
  }
}

function readTensors(file: string, files: RunFiles): NamedTensors {
  return readSafetensors(files.read(file), file).tensors
}

/** Throws `data-differs` where a run would go on with other pictures than those it was trained with. */
export function requireSameData(before: string | null, now: string, title: string, folder: string | undefined): void {
  if (before === null || before === now) return
  const where = folder === undefined ? '' : ` in ${folder}`
  throw new AppError(
    'data-differs',
    `The files of ${title}${where} hold other pictures than the run was trained with.`,
    {
      fix: 'Let CONVSCOPE_DATA name the folder above those it was trained with, then resume it; or fork the run, which trains on these.',
      params: { title, ...(folder === undefined ? {} : { folder }) },
    },
  )
}

/** A run goes on with another engine, or another version, than its checkpoint's: equal numbers are then not promised. */
export function otherEngine(before: EngineReport | null, now: EngineReport): WireError[] {
  if (before === null || (before.id === now.id && before.version === now.version)) return []
  return [
    toWire(
      new AppError('engine-changed', `The run goes on with ${now.version}; it was trained with ${before.version}.`, {
        fix: 'Its numbers may differ in their last digits from those of an uninterrupted run.',
        params: { before: before.version, now: now.version },
      }),
    ),
  ]
}
