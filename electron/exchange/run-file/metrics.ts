import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { damaged } from './manifest'
import type { EpochResult, StepRecord } from '../../../shared/training/state'
import { decodeSteps } from './steps'

const scoreSchema = z.strictObject({ loss: z.number(), accuracy: z.number() })
const epochSchema = z.strictObject({
  epoch: z.int().min(1),
  train: scoreSchema,
  validation: scoreSchema.nullable(),
  learningRate: z.number(),
  trainSeconds: z.number().min(0),
  validationSeconds: z.number().min(0),
  imagesPerSecond: z.number().min(0),
})

export interface RunMetrics {
  readonly steps: readonly StepRecord[]
  readonly epochs: readonly EpochResult[]
}

/** All metrics of an unpacked run file. Throws `file-corrupt` where one is not as it should be: nothing is passed over. */
export function readMetrics(folder: string): RunMetrics {
  const steps = decodeSteps(read(folder, 'journal/steps.bin'))
  if (!steps) throw damaged('its part journal/steps.bin is damaged')
  return { steps, epochs: decodeEpochs(read(folder, 'journal/epochs.jsonl')) }
}

function decodeEpochs(bytes: Uint8Array): EpochResult[] {
  try {
    const epochs = new TextDecoder()
      .decode(bytes)
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => epochSchema.parse(JSON.parse(line)))
    if (epochs.some(({ epoch }, index) => epoch <= (epochs[index - 1]?.epoch ?? 0)))
      throw new RangeError('out of order')
    return epochs
  } catch (error) {
    throw damaged('its part journal/epochs.jsonl is damaged', error)
  }
}

function read(folder: string, name: string): Uint8Array {
  const file = join(folder, name)
  return existsSync(file) ? readFileSync(file) : new Uint8Array()
}
