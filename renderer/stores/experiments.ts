import { defineStore } from 'pinia'
import { computed, ref, shallowReactive, shallowRef } from 'vue'
import type { Plan } from '../../shared/experiments/plan'
import type { Experiment, TrialResult } from '../../shared/ipc/experiment-calls'
import { call, listen } from '../api/bridge'
import { useRuns } from './runs'
import { errorDetails, useToasts, type ErrorDetails } from './toasts'

/** Results come with each epoch of each run; they are asked for this seldom. */
const refreshMilliseconds = 400

/** Sweeps and repeats. Their runs are among all runs; here is what was varied and how the runs did over their epochs. */
export const useExperiments = defineStore('experiments', () => {
  const runs = useRuns()
  const toasts = useToasts()
  const byId = shallowReactive(new Map<string, Experiment>())
  const results = shallowReactive(new Map<string, ReadonlyMap<string, TrialResult>>())
  const status = ref<'loading' | 'ready' | 'failed'>('loading')
  const error = shallowRef<ErrorDetails | null>(null)
  /** Null shows the queue. */
  const selectedId = ref<string | null>(null)
  const timers = new Map<string, ReturnType<typeof setTimeout>>()

  const all = computed(() => [...byId.values()].sort((a, b) => b.createdAt - a.createdAt))
  const selected = computed(() => byId.get(selectedId.value ?? '') ?? null)

  async function load(): Promise<void> {
    status.value = 'loading'
    try {
      for (const experiment of await call('experiments.list', undefined)) byId.set(experiment.id, experiment)
      status.value = 'ready'
    } catch (reason) {
      error.value = errorDetails(reason)
      status.value = 'failed'
    }
  }

  /** Follows main's events until the returned function is called. */
  function follow(): () => void {
    const ends = [
      // Nothing is given back: it would have to cross to the preload script.
      listen('experiment.changed', (experiment) => void byId.set(experiment.id, experiment)),
      listen('run.epoch', ({ id }) => refreshSoon(runs.summaries.get(id)?.experiment ?? null)),
    ]
    return () => ends.forEach((end) => end())
  }

  function refreshSoon(id: string | null): void {
    if (id === null || !results.has(id) || timers.has(id)) return
    timers.set(
      id,
      setTimeout(() => void refresh(id), refreshMilliseconds),
    )
  }

  async function refresh(id: string): Promise<void> {
    timers.delete(id)
    const list = await toasts.guard(() => call('experiments.results', { id }))
    if (list) results.set(id, new Map(list.map((result) => [result.run, result])))
  }

  function select(id: string | null): void {
    selectedId.value = id
    if (id !== null) void refresh(id)
  }

  /** Gives the experiment, or null where it was refused, which is shown. */
  async function start(plan: Plan): Promise<Experiment | null> {
    const experiment = await toasts.guard(() => call('experiments.start', plan))
    if (!experiment) return null
    byId.set(experiment.id, experiment)
    select(experiment.id)
    return experiment
  }

  async function rename(id: string, name: string): Promise<void> {
    const experiment = await toasts.guard(() => call('experiments.rename', { id, name }))
    if (experiment) byId.set(id, experiment)
  }

  async function stop(id: string): Promise<void> {
    await toasts.guard(() => call('experiments.stop', { id }))
  }

  async function retry(id: string): Promise<void> {
    const experiment = await toasts.guard(() => call('experiments.retry', { id }))
    if (experiment) byId.set(id, experiment)
  }

  async function remove(id: string): Promise<void> {
    const done = await toasts.guard(async () => {
      await call('experiments.delete', { id })
      return true
    })
    if (!done) return
    byId.delete(id)
    results.delete(id)
    if (selectedId.value === id) selectedId.value = null
  }

  return {
    byId,
    results,
    status,
    error,
    all,
    selected,
    selectedId,
    load,
    follow,
    select,
    start,
    rename,
    stop,
    retry,
    remove,
  }
})
