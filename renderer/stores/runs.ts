import { defineStore } from 'pinia'
import { computed, ref, shallowReactive, shallowRef } from 'vue'
import { fromWire, type WireError } from '../../shared/errors'
import type { RunSummary } from '../../shared/ipc/contract'
import type { NetworkDocument } from '../../shared/network/document'
import type { RunConfig } from '../../shared/training/config'
import { isActive, type EpochResult } from '../../shared/training/state'
import { call, listen } from '../api/bridge'
import { useSeries } from './series'
import { errorDetails, useToasts, type ErrorDetails } from './toasts'

/** All runs, past and active. Commands go to main; what they change comes back as events. */
export const useRuns = defineStore('runs', () => {
  const toasts = useToasts()
  const series = useSeries()
  const summaries = shallowReactive(new Map<string, RunSummary>())
  const status = ref<'loading' | 'ready' | 'failed'>('loading')
  const error = shallowRef<ErrorDetails | null>(null)
  const storageProblem = shallowRef<WireError | null>(null)
  const starting = ref(false)
  const selectedId = ref<string | null>(null)
  const liveId = ref<string | null>(null)

  const all = computed(() => [...summaries.values()].sort((a, b) => b.createdAt - a.createdAt))
  const active = computed(() => all.value.find((run) => isActive(run.state)) ?? null)
  const selected = computed(() => summaries.get(selectedId.value ?? '') ?? null)
  /** The run that the live view shows: the active one, else the one started last in this window. */
  const live = computed(() => active.value ?? summaries.get(liveId.value ?? '') ?? null)

  async function load(): Promise<void> {
    status.value = 'loading'
    try {
      for (const run of await call('runs.list', undefined)) put(run)
      status.value = 'ready'
      if (active.value) void open(active.value.id)
    } catch (reason) {
      error.value = errorDetails(reason)
      status.value = 'failed'
    }
  }

  /** Follows main's events until the returned function is called. */
  function follow(): () => void {
    const ends = [
      listen('run.changed', onChange),
      listen('run.progress', series.addProgress),
      listen('run.epoch', ({ id, result }) => onEpoch(id, result)),
      listen('run.kernels', series.addKernels),
      listen('run.rewound', ({ id }) => void toasts.guard(() => series.reload(id))),
      listen('run.notice', ({ notice }) => toasts.report(fromWire(notice))),
      listen('run.deleted', ({ id }) => forget(id)),
      listen('runs.changed', (changed) => changed.forEach(put)),
      listen('storage.problem', (payload) => (storageProblem.value = payload.error)),
    ]
    return () => ends.forEach((end) => end())
  }

  /** `weights`: safetensors to begin with, in place of random ones. */
  async function start(
    document: NetworkDocument,
    config: RunConfig,
    weights: Uint8Array<ArrayBuffer> | null = null,
  ): Promise<RunSummary | null> {
    if (starting.value || active.value) return null
    starting.value = true
    const run = await toasts.guard(() => call('runs.start', { document, config, ...(weights ? { weights } : {}) }))
    starting.value = false
    if (!run) return null
    // Events of the run may have come first and know more.
    if (!summaries.has(run.id)) put(run)
    liveId.value = run.id
    return run
  }

  /** Brings a run's curves here. Failures are shown. */
  async function open(id: string): Promise<void> {
    await toasts.guard(() => series.load(id))
  }

  async function togglePause(): Promise<void> {
    const run = active.value
    if (run?.state.type === 'running') await toasts.guard(() => call('runs.pause', { id: run.id }))
    else if (run?.state.type === 'paused') await toasts.guard(() => call('runs.resume', { id: run.id }))
  }

  async function stop(): Promise<void> {
    const run = active.value
    if (run) await toasts.guard(() => call('runs.stop', { id: run.id }))
  }

  async function rename(id: string, name: string): Promise<void> {
    const run = await toasts.guard(() => call('runs.rename', { id, name }))
    if (run) put(run)
  }

  /** Takes runs away; what they were can be had back with `restore`. False where it failed, which is shown. */
  async function remove(ids: readonly string[]): Promise<boolean> {
    const done = await toasts.guard(() => call('runs.delete', { ids: [...ids] }).then(() => true))
    if (done) ids.forEach(forget)
    return done ?? false
  }

  function put(run: RunSummary): void {
    summaries.set(run.id, run)
    if (run.progress && !series.progress.has(run.id)) series.progress.set(run.id, run.progress)
    if (isActive(run.state)) liveId.value = run.id
  }

  function onChange(run: RunSummary): void {
    put(run)
    // A run that says “paused” shows all steps until then.
    series.flush()
  }

  function onEpoch(id: string, result: EpochResult): void {
    series.addEpoch(id, result)
    const run = summaries.get(id)
    if (run) summaries.set(id, { ...run, lastEpoch: result })
  }

  function forget(id: string): void {
    summaries.delete(id)
    series.forget(id)
    if (selectedId.value === id) selectedId.value = null
    if (liveId.value === id) liveId.value = null
  }

  return {
    summaries,
    status,
    error,
    storageProblem,
    starting,
    selectedId,
    all,
    active,
    selected,
    live,
    load,
    follow,
    start,
    open,
    togglePause,
    stop,
    rename,
    remove,
  }
})
