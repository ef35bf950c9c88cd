import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import { AppError } from '../../shared/errors'
import type { ExportFormatId, ExportMoment, ExportProgress, ExportRecord } from '../../shared/exports/exports'
import { call, listen } from '../api/bridge'
import { useRuns } from './runs'
import { errorDetails, useToasts, type ErrorDetails } from './toasts'

export type ExportOutcome =
  | { readonly type: 'done'; readonly record: ExportRecord }
  | { readonly type: 'cancelled' }
  | { readonly type: 'failed'; readonly error: ErrorDetails }

interface Ended {
  readonly format: ExportFormatId
  readonly outcome: ExportOutcome
}

/** The box in which a run is exported, and what goes on in it. An export goes on while the box is closed. */
export const useExports = defineStore('exports', () => {
  const runs = useRuns()
  const toasts = useToasts()
  const runId = ref<string | null>(null)
  const format = ref<ExportFormatId>('safetensors')
  /** Of a PyTorch project. */
  const packing = ref<'folder' | 'zip'>('folder')
  const past = shallowRef<readonly ExportRecord[]>([])
  /** Under way: its name, the run, and how far it is; no progress before a file was chosen. */
  const current = shallowRef<{ readonly request: string; readonly run: string } | null>(null)
  const progress = shallowRef<ExportProgress | null>(null)
  const ended = shallowRef<Ended | null>(null)

  /** What came of the last export, while its format is the chosen one. */
  const outcome = computed(() => (ended.value?.format === format.value ? ended.value.outcome : null))

  const run = computed(() => runs.summaries.get(runId.value ?? '') ?? null)

  function open(id: string): void {
    if (runId.value !== id) past.value = []
    if (current.value === null) ended.value = null
    // One at a time: the box of the run that is being exported.
    runId.value = current.value?.run ?? id
    void loadPast()
  }

  function close(): void {
    runId.value = null
  }

  async function loadPast(): Promise<void> {
    const id = runId.value
    if (id === null) return
    const found = await toasts.guard(() => call('exports.list', { run: id }))
    if (found && runId.value === id) past.value = found
  }

  /** Asks main, which asks for a file; what came of it stands in `outcome`. */
  async function start(id: string, moment: ExportMoment): Promise<void> {
    if (current.value) return
    const request = crypto.randomUUID()
    current.value = { request, run: id }
    progress.value = null
    ended.value = null
    const [asked, zip] = [format.value, format.value === 'pytorch-project' && packing.value === 'zip']
    const end = (outcome: ExportOutcome) => (ended.value = { format: asked, outcome })
    const unlisten = listen('exports.progress', (event) => {
      if (event.request === request) progress.value = event.progress
    })
    try {
      const record = await call('exports.start', { request, run: id, format: asked, moment, zip })
      if (record) end({ type: 'done', record })
    } catch (error) {
      const cancelled = error instanceof AppError && error.kind === 'cancelled'
      end(cancelled ? { type: 'cancelled' } : { type: 'failed', error: errorDetails(error) })
    } finally {
      unlisten()
      current.value = null
      progress.value = null
    }
    await loadPast()
  }

  async function cancel(): Promise<void> {
    const request = current.value?.request
    if (request !== undefined) await toasts.guard(() => call('exports.cancel', { request }))
  }

  /** False where the file is gone. */
  async function show(id: string): Promise<boolean | null> {
    return toasts.guard(() => call('exports.show', { id }))
  }

  return { run, format, packing, past, current, progress, outcome, open, close, start, cancel, show }
})
