import type { StepNumbers } from '../archives'
import type { StepRecord } from '../../../shared/training/state'

/** Three float64, little-endian: step, loss, learning rate. */
export const stepBytes = 24

export function encodeSteps({ step, loss, learningRate }: StepNumbers): Uint8Array {
  const view = new DataView(new ArrayBuffer(step.length * stepBytes))
  for (let index = 0; index < step.length; index++) {
    const at = index * stepBytes
    view.setFloat64(at, step[index] ?? NaN, true)
    view.setFloat64(at + 8, loss[index] ?? NaN, true)
    view.setFloat64(at + 16, learningRate[index] ?? NaN, true)
  }
  return new Uint8Array(view.buffer)
}

/** Null where the bytes are no steps that rise by one. */
export function decodeSteps(bytes: Uint8Array): StepRecord[] | null {
  if (bytes.length % stepBytes !== 0) return null
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const steps: StepRecord[] = []
  for (let at = 0; at < bytes.length; at += stepBytes) {
    const step = view.getFloat64(at, true)
    const learningRate = view.getFloat64(at + 16, true)
    if (!Number.isSafeInteger(step) || step <= (steps.at(-1)?.step ?? 0) || !Number.isFinite(learningRate)) return null
    steps.push({ step, loss: view.getFloat64(at + 8, true), learningRate })
  }
  return steps
}
