import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import type { BackupFound, BackupOverview, RestoredBackup } from '../../shared/ipc/backup-calls'
import { call, listen } from '../api/bridge'
import { bytes, integer, time } from '../i18n/format'
import { t, tn } from '../i18n/text'
import { errorDetails, useToasts } from './toasts'

/** Backups and restoring them: what is asked, and how far it has come. */
export const useBackup = defineStore('backup', () => {
  const toasts = useToasts()
  const dialog = ref<'backup' | 'restore' | null>(null)
  const overview = shallowRef<BackupOverview | null>(null)
  const found = shallowRef<BackupFound | null>(null)
  /** Null while nothing is under way. */
  const progress = shallowRef<{ readonly done: number; readonly total: number } | null>(null)

  function follow(): () => void {
    const ends = [
      listen('backup.command', ({ command }) => void open(command)),
      listen('backup.progress', (now) => (progress.value &&= now)),
    ]
    return () => ends.forEach((end) => end())
  }

  async function open(command: 'backup' | 'restore'): Promise<void> {
    if (progress.value) return
    dialog.value = command
    found.value = null
    if (command === 'backup') overview.value = await toasts.guard(() => call('backup.overview', undefined))
  }

  async function close(): Promise<void> {
    dialog.value = null
    found.value = null
    await toasts.guard(() => call('backup.cancel', undefined))
  }

  async function create(folders: boolean): Promise<void> {
    const made = await withProgress(() => call('backup.create', { folders }))
    if (!made) return
    dialog.value = null
    toasts.inform(tn('backup.done', made.runs, { n: integer(made.runs) }), `${made.path} · ${bytes(made.bytes)}`)
  }

  async function read(): Promise<void> {
    found.value = await withProgress(() => call('backup.read', undefined))
  }

  async function restore(): Promise<void> {
    await toasts.guard(() => call('backup.restore', undefined))
  }

  async function withProgress<Result>(work: () => Promise<Result>): Promise<Result | null> {
    progress.value = { done: 0, total: 0 }
    try {
      return await work()
    } catch (error) {
      if (errorDetails(error).kind !== 'cancelled') toasts.report(error)
      return null
    } finally {
      progress.value = null
    }
  }

  /** What a restore did while the app started. */
  function tellRestored(restored: RestoredBackup | null): void {
    if (!restored) return
    const date = time(restored.createdAt)
    toasts.inform(t('restore.restored', { date }), t('restore.before', { folder: restored.aside }))
  }

  return { dialog, overview, found, progress, follow, open, close, create, read, restore, tellRestored }
})
