import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import type { ArchiveProgress } from '../../shared/ipc/archive-progress'
import type { RunSummary } from '../../shared/ipc/contract'
import type { OpenedRunFile } from '../../shared/ipc/exchange-calls'
import { call, listen } from '../api/bridge'
import { t } from '../i18n/text'
import { useRuns } from './runs'
import { useShell } from './shell'
import { errorDetails, useToasts } from './toasts'

/** A run that is opened sooner is not worth a bar. */
const showAfterMs = 300

/** Runs that come from, and go into, files of their own. */
export const useRunFiles = defineStore('run-files', () => {
  const runs = useRuns()
  const shell = useShell()
  const toasts = useToasts()
  /** The run of a file is here already: whether a copy is wanted. */
  const question = shallowRef<Extract<OpenedRunFile, { type: 'exists' }> | null>(null)

  /** What is written or read now, and how far it is; null before anything is known of that. */
  const work = shallowRef<'pack' | 'open' | null>(null)
  const progress = shallowRef<ArchiveProgress | null>(null)
  let begun = 0

  function follow(): () => void {
    return listen('exchange.progress', (now) => {
      begun ||= performance.now()
      if (work.value === 'pack' || performance.now() - begun > showAfterMs) progress.value = now
    })
  }

  /** Null where it failed, which is shown, or was cancelled. */
  async function watched<Result>(what: 'pack' | 'open', run: () => Promise<Result>): Promise<Result | null> {
    work.value = what
    begun = 0
    try {
      return await run()
    } catch (error) {
      if (errorDetails(error).kind !== 'cancelled') toasts.report(error)
      return null
    } finally {
      work.value = null
      progress.value = null
    }
  }

  async function cancel(): Promise<void> {
    if (work.value) await toasts.guard(() => call('exchange.cancel', undefined))
  }

  /** Opens a run file, or asks for one where `path` is null, and shows its run. */
  async function open(path: string | null = null, copy = false): Promise<void> {
    if (work.value) return
    const opened = await watched('open', () => call('exchange.open', { path, copy }))
    if (opened?.type === 'exists') question.value = opened
    if (opened?.type === 'opened') {
      show(opened.run)
      toasts.inform(t('exchange.opened', { name: opened.run.name }), t('exchange.openedDetail'))
    }
  }

  async function openCopy(): Promise<void> {
    const path = question.value?.path
    question.value = null
    if (path !== undefined) await open(path, true)
  }

  /** The run that is here already. */
  function showKnown(): void {
    if (question.value) show(question.value.run)
    question.value = null
  }

  function show(run: RunSummary): void {
    shell.go('runs')
    runs.selectedId = run.id
  }

  async function pack(id: string, checkpoints: 'newest' | 'all', optimizer: boolean): Promise<boolean> {
    const path = await watched('pack', () => call('exchange.pack', { id, checkpoints, optimizer }))
    if (path !== null) toasts.inform(t('exchange.packed'), path)
    return path !== null
  }

  return { question, work, progress, follow, cancel, open, openCopy, showKnown, pack }
})
