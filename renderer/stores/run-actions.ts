import { defineStore } from 'pinia'
import { ref } from 'vue'
import type { RunSummary } from '../../shared/ipc/contract'
import { isActive } from '../../shared/training/state'
import { call } from '../api/bridge'
import { integer } from '../i18n/format'
import { t, tn } from '../i18n/text'
import { keysOf } from '../shortcuts/table'
import { useRuns } from './runs'
import { useToasts } from './toasts'

/** What is done to one run or many; what changes comes back as facts from main. */
export const useRunActions = defineStore('run-actions', () => {
  const runs = useRuns()
  const toasts = useToasts()
  /** The deletion that can be undone with a key, while it is told of. */
  const undoable = ref<{ readonly ids: readonly string[]; readonly toast: number } | null>(null)

  async function run<T>(work: () => Promise<T>): Promise<boolean> {
    return (await toasts.guard(() => work().then(() => true))) ?? false
  }

  function tag(ids: readonly string[], add: readonly string[], remove: readonly string[]): Promise<boolean> {
    return run(() => call('runs.tag', { ids: [...ids], add: [...add], remove: [...remove] }))
  }

  function setNote(id: string, note: string): Promise<boolean> {
    return run(() => call('runs.setNote', { id, note }))
  }

  /** Pins all of them, or lets all of them go where all are pinned. */
  function togglePin(chosen: readonly RunSummary[]): Promise<boolean> {
    const pinned = !chosen.every((one) => one.pinned)
    return run(() => call('runs.pin', { ids: chosen.map(({ id }) => id), pinned }))
  }

  async function toggleArchive(chosen: readonly RunSummary[]): Promise<void> {
    const archived = !chosen.every((one) => one.archived)
    const ids = chosen.map(({ id }) => id)
    if (!(await run(() => call('runs.archive', { ids, archived })))) return
    toasts.inform(tn(archived ? 'organize.archivedToast' : 'organize.unarchivedToast', ids.length, count(ids)), '', {
      label: t('organize.undo'),
      run: () => void run(() => call('runs.archive', { ids, archived: !archived })),
    })
  }

  /** Runs that train are left alone, and told of. */
  async function remove(chosen: readonly RunSummary[]): Promise<void> {
    const ids = chosen.filter(({ state }) => !isActive(state)).map(({ id }) => id)
    const training = chosen.find(({ state }) => isActive(state))
    if (training) toasts.inform(t('organize.stillTraining', { name: training.name }))
    if (ids.length === 0 || !(await runs.remove(ids))) return
    const text = tn('organize.deletedToast', ids.length, count(ids))
    const toast = toasts.inform(text, t('organize.deletedHint'), {
      label: t('organize.undo'),
      keys: keysOf('runs', 'undo'),
      run: () => void restore(ids),
    })
    undoable.value = { ids, toast }
  }

  async function restore(ids: readonly string[]): Promise<boolean> {
    if (undoable.value?.ids === ids) undoable.value = null
    return run(() => call('runs.restore', { ids: [...ids] }))
  }

  /** Takes the last deletion back as long as it is told of; false where there is none. */
  function undo(): boolean {
    const last = undoable.value
    if (!last || !toasts.toasts.some(({ id }) => id === last.toast)) return false
    toasts.dismiss(last.toast)
    void restore(last.ids)
    return true
  }

  function count(ids: readonly string[]): { n: string } {
    return { n: integer(ids.length) }
  }

  return { tag, setNote, togglePin, toggleArchive, remove, restore, undo }
})
