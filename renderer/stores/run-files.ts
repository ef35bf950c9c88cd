import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import type { RunSummary } from '../../shared/ipc/contract'
import type { OpenedRunFile } from '../../shared/ipc/exchange-calls'
import { call } from '../api/bridge'
import { t } from '../i18n/text'
import { useRuns } from './runs'
import { useShell } from './shell'
import { useToasts } from './toasts'

/** Runs that come from, and go into, files of their own. */
export const useRunFiles = defineStore('run-files', () => {
  const runs = useRuns()
  const shell = useShell()
  const toasts = useToasts()
  /** The run of a file is here already: whether a copy is wanted. */
  const question = shallowRef<Extract<OpenedRunFile, { type: 'exists' }> | null>(null)

  /** Opens a run file, or asks for one where `path` is null, and shows its run. */
  async function open(path: string | null = null, copy = false): Promise<void> {
    const opened = await toasts.guard(() => call('exchange.open', { path, copy }))
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
    const path = await toasts.guard(() => call('exchange.pack', { id, checkpoints, optimizer }))
    if (path !== null) toasts.inform(t('exchange.packed'), path)
    return path !== null
  }

  async function project(id: string, as: 'folder' | 'zip'): Promise<boolean> {
    const path = await toasts.guard(() => call('exchange.project', { id, as }))
    if (path !== null) toasts.inform(t('exchange.projectSaved'), path)
    return path !== null
  }

  return { question, open, openCopy, showKnown, pack, project }
})
