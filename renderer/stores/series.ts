import { defineStore } from 'pinia'
import { shallowReactive } from 'vue'
import type { AppEvents, StepColumns } from '../../shared/ipc/contract'
import type { Kernels } from '../../shared/training/messages'
import type { NetworkDocument } from '../../shared/network/document'
import type { EpochResult, Progress, StepRecord } from '../../shared/training/state'
import { call } from '../api/bridge'
import { float32Column, int32Column } from '../lib/column'
import { createPulse } from '../lib/pulse'

interface StepBuffer {
  readonly step: ReturnType<typeof int32Column>
  readonly loss: ReturnType<typeof float32Column>
  readonly learningRate: ReturnType<typeof float32Column>
  /** Steps that came while the stored ones were on their way. */
  waiting: StepRecord[] | null
}

/** Kernels and the step they are from; null where it is not known. */
export interface KernelsAtStep {
  readonly kernels: Kernels
  readonly step: number | null
}

/**
 * Curves and kernels of runs. The step columns are plain typed arrays; readers depend on `versions`, which counts a
 * few times a second however many steps arrive.
 */
export const useSeries = defineStore('series', () => {
  const buffers = new Map<string, StepBuffer>()
  const versions = shallowReactive(new Map<string, number>())
  const epochs = shallowReactive(new Map<string, readonly EpochResult[]>())
  const kernels = shallowReactive(new Map<string, KernelsAtStep>())
  const progress = shallowReactive(new Map<string, Progress>())
  /** The networks that runs trained, as far as they were loaded. */
  const documents = shallowReactive(new Map<string, NetworkDocument>())
  const changed = new Set<string>()
  const loaded = new Set<string>()
  const newestKernels = new Map<string, KernelsAtStep>()
  const newestProgress = new Map<string, Progress>()
  const pulse = createPulse(flush)

  /** All steps so far; read `versions` through it to follow. */
  function steps(id: string): StepColumns {
    versions.get(id)
    const buffer = bufferOf(id)
    return { step: buffer.step.view(), loss: buffer.loss.view(), learningRate: buffer.learningRate.view() }
  }

  /** Fetches what is stored of a run; what arrives meanwhile is put behind it. */
  async function load(id: string): Promise<void> {
    if (loaded.has(id)) return
    loaded.add(id)
    const live = bufferOf(id)
    const fresh = newBuffer([])
    buffers.set(id, fresh)
    try {
      const [stored, detail] = await Promise.all([call('runs.steps', { id }), call('runs.get', { id })])
      fresh.step.append(stored.step)
      fresh.loss.append(stored.loss)
      fresh.learningRate.append(stored.learningRate)
      documents.set(id, detail.document)
      epochs.set(id, mergeEpochs(detail.epochs, epochs.get(id) ?? []))
    } catch (error) {
      loaded.delete(id)
      throw error
    } finally {
      const waiting = fresh.waiting ?? []
      fresh.waiting = null
      // Live steps may be ahead of what main has written by now.
      append(fresh, recordsOf(live))
      append(fresh, waiting)
      touch(id)
    }
  }

  /** The stored curves have changed: what was shown is fetched anew. */
  async function reload(id: string): Promise<void> {
    const wasLoaded = loaded.delete(id)
    for (const known of [buffers, epochs]) known.delete(id)
    touch(id)
    if (wasLoaded) await load(id)
  }

  async function loadKernels(id: string, layer: string): Promise<void> {
    const found = await call('runs.kernels', { id, layer })
    if (found && kernels.get(id)?.step == null) kernels.set(id, { kernels: found, step: null })
  }

  function addSteps(id: string, records: readonly StepRecord[]): void {
    const buffer = bufferOf(id)
    if (buffer.waiting) buffer.waiting.push(...records)
    else append(buffer, records)
    touch(id)
  }

  function addProgress({ id, progress: newest, steps: records }: AppEvents['run.progress']): void {
    newestProgress.set(id, newest)
    addSteps(id, records)
  }

  function addEpoch(id: string, result: EpochResult): void {
    epochs.set(id, mergeEpochs(epochs.get(id) ?? [], [result]))
  }

  function addKernels({ id, step, kernels: values }: AppEvents['run.kernels']): void {
    newestKernels.set(id, { kernels: values, step })
    pulse()
  }

  function forget(id: string): void {
    for (const shown of [versions, epochs, kernels, progress, documents]) shown.delete(id)
    for (const known of [buffers, loaded, changed, newestKernels, newestProgress]) known.delete(id)
  }

  function bufferOf(id: string): StepBuffer {
    const known = buffers.get(id)
    if (known) return known
    const fresh = newBuffer(null)
    buffers.set(id, fresh)
    return fresh
  }

  function touch(id: string): void {
    changed.add(id)
    pulse()
  }

  /** Shows what has come so far, now. */
  function flush(): void {
    for (const id of changed) versions.set(id, (versions.get(id) ?? 0) + 1)
    for (const [id, newest] of newestKernels) kernels.set(id, newest)
    for (const [id, newest] of newestProgress) progress.set(id, newest)
    for (const shown of [changed, newestKernels, newestProgress]) shown.clear()
  }

  return {
    versions,
    epochs,
    kernels,
    progress,
    documents,
    steps,
    load,
    reload,
    loadKernels,
    addSteps,
    addProgress,
    addEpoch,
    addKernels,
    flush,
    forget,
  }
})

function newBuffer(waiting: StepRecord[] | null): StepBuffer {
  return { step: int32Column(), loss: float32Column(), learningRate: float32Column(), waiting }
}

function recordsOf(buffer: StepBuffer): StepRecord[] {
  const [loss, learningRate] = [buffer.loss.view(), buffer.learningRate.view()]
  return Array.from(buffer.step.view(), (step, i) => ({
    step,
    loss: loss[i] ?? NaN,
    learningRate: learningRate[i] ?? NaN,
  }))
}

/** Steps that are already there are skipped: stored and live ones overlap. */
function append(buffer: StepBuffer, records: readonly StepRecord[]): void {
  let last = buffer.step.last() ?? 0
  for (const { step, loss, learningRate } of records) {
    if (step <= last) continue
    buffer.step.push(step)
    buffer.loss.push(loss)
    buffer.learningRate.push(learningRate)
    last = step
  }
}

function mergeEpochs(known: readonly EpochResult[], more: readonly EpochResult[]): EpochResult[] {
  const byEpoch = new Map([...known, ...more].map((result) => [result.epoch, result]))
  return [...byEpoch.values()].sort((a, b) => a.epoch - b.epoch)
}
