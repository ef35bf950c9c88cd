import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { networkDocumentSchema } from '../../../shared/network/document'
import type { TrainerEvent } from '../../../shared/training/messages'
import { runConfigSchema, type RunConfig } from '../../../shared/training/config'
import type { EpochResult, StepRecord } from '../../../shared/training/state'

/** An empty folder that goes away with the test. */
export function temporaryHome(): string {
  const home = mkdtempSync(join(tmpdir(), 'convscope-test-'))
  onTestFinished(() => rmSync(home, { recursive: true, force: true }))
  return home
}

export const smallNetwork = networkDocumentSchema.parse({
  format: 'convscope.network',
  version: 1,
  name: 'Small',
  layers: [
    { id: 'input', kind: 'input', params: { height: 28, width: 28, channels: 1 } },
    { id: 'conv1', kind: 'conv2d', params: { out_channels: 2 }, inputs: ['input'] },
    { id: 'flatten', kind: 'flatten', inputs: ['conv1'] },
    { id: 'fc', kind: 'linear', params: { out_features: 10 }, inputs: ['flatten'] },
  ],
})

export function config(change: Partial<RunConfig> = {}): RunConfig {
  return { ...runConfigSchema.parse({}), ...change }
}

export const started: Extract<TrainerEvent, { type: 'started' }> = {
  type: 'started',
  engine: { id: 'eager', version: 'test', device: 'CPU', notice: null },
  trainCount: 100,
  validationCount: 10,
  totalSteps: 20,
  from: null,
  notices: [],
}

/** Steps `from` to `to`, both included. */
export function stepRecords(from: number, to: number): StepRecord[] {
  return Array.from({ length: to - from + 1 }, (_, i) => ({
    step: from + i,
    loss: 1 / (from + i),
    learningRate: 0.001,
  }))
}

export function progressEvent(from: number, to: number): TrainerEvent {
  const progress = { epoch: 1, epochs: 2, step: to, totalSteps: 20, imagesPerSecond: 100, secondsLeft: 1 }
  return { type: 'progress', progress, steps: stepRecords(from, to) }
}

export function epochResult(epoch: number): EpochResult {
  return {
    epoch,
    train: { loss: 0.5, accuracy: 0.75 },
    validation: { loss: 0.25, accuracy: 0.875 },
    learningRate: 0.001,
    trainSeconds: 2,
    validationSeconds: 0.5,
    imagesPerSecond: 50,
  }
}

/** An error as better-sqlite3 throws it. */
export function sqliteError(code: string): Error {
  return Object.assign(new Error(`injected ${code}`), { code })
}
