import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import type { RunSummary } from '../../shared/ipc/contract'
import type { QueueState } from '../../shared/ipc/queue-calls'
import type { NetworkDocument } from '../../shared/network/document'
import type { RunConfig } from '../../shared/training/config'
import { call, listen } from '../api/bridge'
import { t } from '../i18n/text'
import { useRuns } from './runs'
import { useToasts } from './toasts'

/** The runs that wait for their turn. Main keeps their order; what they are is among the runs. */
export const useQueue = defineStore('queue', () => {
  const runs = useRuns()
  const toasts = useToasts()
  const state = shallowRef<QueueState>({ order: [], held: null })
  /** Runs whose failure was told. */
  const told = new Set<string>()

  /** The next one first. */
  const waiting = computed(() =>
    state.value.order
      .map((id) => runs.summaries.get(id))
      .filter((run): run is RunSummary => run?.state.type === 'queued'),
  )
  const held = computed(() => (waiting.value.length > 0 ? state.value.held : null))

  async function load(): Promise<void> {
    await change(() => call('queue.get', undefined))
  }

  /** Follows main's events until the returned function is called. */
  function follow(): () => void {
    const ends = [listen('queue.changed', (next) => void (state.value = next)), listen('run.changed', tellFailure)]
    return () => ends.forEach((end) => end())
  }

  /** The window shows the run that comes next; what became of the one before must not go by unseen. */
  function tellFailure({ id, name, state: now, experiment }: RunSummary): void {
    // An experiment tells of its own runs.
    if (now.type !== 'failed' || experiment !== null || told.has(id) || state.value.order.length === 0) return
    told.add(id)
    toasts.add({ tone: 'error', error: { ...now.error, message: `${name}: ${now.error.message}` } })
  }

  /** Gives the run, or null where it was refused, which is shown. */
  async function add(
    document: NetworkDocument,
    config: RunConfig,
    weights: Uint8Array<ArrayBuffer> | null = null,
  ): Promise<RunSummary | null> {
    return toasts.guard(() => call('queue.add', { document, config, ...(weights ? { weights } : {}) }))
  }

  /** Gives a run that waits other settings, which can be taken back as long as it waits; whether it was done. */
  async function configure({ id, name, config: before }: RunSummary, config: RunConfig): Promise<boolean> {
    const give = (next: RunConfig) => toasts.guard(() => call('queue.configure', { id, config: next }))
    if (!(await give(config))) return false
    toasts.inform(t('queue.configured', { name }), '', { label: t('organize.undo'), run: () => void give(before) })
    return true
  }

  async function change(work: () => Promise<QueueState>): Promise<void> {
    const next = await toasts.guard(work)
    if (next) state.value = next
  }

  const move = (id: string, to: number) => change(() => call('queue.move', { id, to }))
  const remove = (ids: readonly string[]) => change(() => call('queue.remove', { ids: [...ids] }))
  const pause = () => change(() => call('queue.pause', undefined))
  const resume = () => change(() => call('queue.resume', undefined))

  return { waiting, held, load, follow, add, configure, move, remove, pause, resume }
})
