import { join } from 'node:path'
import { z } from 'zod'
import type { Position } from '../../shared/training/checkpoint-names'
import type { EpochResult, Score, StepRecord } from '../../shared/training/state'
import { diskFiles, type RunFiles } from './files'
import { removeQuietly, replaceFile } from './write-folder'

const folderName = 'journal'
const stepsFile = 'steps.bin'
const epochsFile = 'epochs.jsonl'
const endFile = 'end.json'
/** Three float64, little-endian: step, loss, learning rate. */
const stepBytes = 24

const scoreSchema = z.object({ loss: z.number(), accuracy: z.number() })
const epochSchema = z.object({
  epoch: z.int().min(1),
  train: scoreSchema,
  validation: scoreSchema.nullable(),
  learningRate: z.number(),
  trainSeconds: z.number(),
  validationSeconds: z.number(),
  imagesPerSecond: z.number(),
})
const endSchema = z.object({ test: scoreSchema })

/**
 * All metrics of a run, in its own folder: written to the disk before each checkpoint, so that a checkpoint never knows more
 * than the journal, and the database can be completed from it.
 */
export interface JournalWriter {
  addStep(record: StepRecord): void
  addEpoch(result: EpochResult): void
  /** Puts what was added onto the disk. Throws what the disk throws; what was added then waits for the next call. */
  save(): void
  /** How the run ended; with that it is complete. */
  finish(test: Score): void
}

/** Goes on after `from`; what the journal holds beyond it is cut off at the first `save`. */
export function openJournal(runFolder: string, from: Position, files: RunFiles = diskFiles): JournalWriter {
  const folder = join(runFolder, folderName)
  const stepsPath = join(folder, stepsFile)
  const epochsPath = join(folder, epochsFile)
  let begun = false
  let stepsAt = from.step * stepBytes
  let epochsAt = 0
  let steps: StepRecord[] = []
  let epochs: EpochResult[] = []

  function begin(): void {
    const kept = readJournal(runFolder, files).epochs.filter(({ epoch }) => epoch <= from.epoch)
    const lines = Buffer.from(kept.map(toLine).join(''))
    files.makeFolder(folder)
    removeQuietly(files, join(folder, endFile))
    files.writeTail(stepsPath, stepsAt, new Uint8Array())
    replaceFile(folder, epochsFile, lines, files)
    epochsAt = lines.length
    begun = true
  }

  return {
    addStep: (record) => void steps.push(record),
    addEpoch: (result) => void epochs.push(result),
    save() {
      if (!begun) begin()
      const newSteps = encodeSteps(steps)
      const newEpochs = Buffer.from(epochs.map(toLine).join(''))
      if (newSteps.length > 0) files.writeTail(stepsPath, stepsAt, newSteps)
      if (newEpochs.length > 0) files.writeTail(epochsPath, epochsAt, newEpochs)
      stepsAt += newSteps.length
      epochsAt += newEpochs.length
      steps = []
      epochs = []
    },
    finish(test) {
      replaceFile(folder, endFile, Buffer.from(`${JSON.stringify({ test })}\n`), files)
    },
  }
}

export interface Journal {
  /** In order. Those that cannot be read are missing. */
  readonly steps: readonly StepRecord[]
  readonly epochs: readonly EpochResult[]
  /** The result of a run that finished; null for any other. */
  readonly test: Score | null
}

/** What can be read of a run's metrics. Nothing is thrown: a file that is missing or damaged has fewer, or none. */
export function readJournal(runFolder: string, files: RunFiles = diskFiles): Journal {
  const folder = join(runFolder, folderName)
  return {
    steps: decodeSteps(readOrEmpty(join(folder, stepsFile), files)),
    epochs: decodeEpochs(readOrEmpty(join(folder, epochsFile), files)),
    test: decodeEnd(readOrEmpty(join(folder, endFile), files)),
  }
}

function readOrEmpty(file: string, files: RunFiles): Uint8Array {
  try {
    return files.read(file)
  } catch {
    return new Uint8Array()
  }
}

function encodeSteps(steps: readonly StepRecord[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(steps.length * stepBytes))
  steps.forEach(({ step, loss, learningRate }, index) => {
    const at = index * stepBytes
    view.setFloat64(at, step, true)
    view.setFloat64(at + 8, loss, true)
    view.setFloat64(at + 16, learningRate, true)
  })
  return new Uint8Array(view.buffer)
}

function decodeSteps(bytes: Uint8Array): StepRecord[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const steps: StepRecord[] = []
  for (let at = 0; at + stepBytes <= bytes.length; at += stepBytes) {
    const step = view.getFloat64(at, true)
    if (step !== at / stepBytes + 1) continue
    steps.push({ step, loss: view.getFloat64(at + 8, true), learningRate: view.getFloat64(at + 16, true) })
  }
  return steps
}

function toLine(result: EpochResult): string {
  return `${JSON.stringify(result)}\n`
}

function decodeEpochs(bytes: Uint8Array): EpochResult[] {
  const epochs: EpochResult[] = []
  for (const line of new TextDecoder().decode(bytes).split('\n')) {
    const result = parseLine(line, epochSchema)
    if (result && result.epoch > (epochs.at(-1)?.epoch ?? 0)) epochs.push(result)
  }
  return epochs
}

function decodeEnd(bytes: Uint8Array): Score | null {
  return parseLine(new TextDecoder().decode(bytes), endSchema)?.test ?? null
}

function parseLine<Value>(line: string, schema: z.ZodType<Value>): Value | null {
  try {
    return schema.parse(JSON.parse(line))
  } catch {
    return null
  }
}
