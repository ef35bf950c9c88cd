import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import type { ImportResult } from '../../shared/import/report'
import { isNetworkDocument } from '../../shared/import/source'
import type { RecentDocument } from '../../shared/ipc/document-calls'
import { networkFormat, networkVersion, type NetworkDocument } from '../../shared/network/document'
import { parseNetwork } from '../../shared/network/parse'
import { call, pathOf } from '../api/bridge'
import { locale, t, tn } from '../i18n/text'
import { useDesign } from './design'
import { useImports } from './imports'
import { useRunFiles } from './run-files'
import { useStartingWeights } from './starting-weights'
import { useShell } from './shell'
import { useToasts } from './toasts'

export type DocumentDialog = 'templates' | 'picture' | 'import' | null

/** Which file the design is in, and everything that opens, saves and keeps it. */
export const useDocuments = defineStore('documents', () => {
  const design = useDesign()
  const imports = useImports()
  const startingWeights = useStartingWeights()
  const runFiles = useRunFiles()
  const shell = useShell()
  const toasts = useToasts()
  const recents = shallowRef<readonly RecentDocument[]>([])
  const dialog = ref<DocumentDialog>(null)
  let busy = false

  /** One file action at a time: a key pressed twice opens no two boxes. False where another one goes on, or it failed. */
  async function alone(work: () => Promise<boolean>): Promise<boolean> {
    if (busy) return false
    busy = true
    try {
      return (await toasts.guard(work)) ?? false
    } finally {
      busy = false
    }
  }

  /** Whether another design may take this one's place; asks where it is not saved. */
  async function mayReplace(): Promise<boolean> {
    const current = design.document
    if (!current || !design.isDirty) return true
    const answer = await call('documents.ask', { question: 'unsaved', name: current.name })
    return answer === 'no' || (answer === 'yes' && (await write(design.source?.path ?? null)))
  }

  function show(document: NetworkDocument, path: string | null, dirty = false): void {
    design.load(document, path === null ? null : { path }, { dirty })
    imports.weights = null
    dialog.value = null
    shell.go('design')
  }

  /** Writes the design as it is now; gives whether it is in the file. */
  async function write(path: string | null, overwrite = false): Promise<boolean> {
    const written = design.document
    if (!written) return false
    const result = await call('documents.save', { document: written, path, overwrite })
    if (result.type === 'cancelled') return false
    if (result.type === 'changed') {
      const answer = await call('documents.ask', { question: 'changed', name: fileName(result.path) })
      return answer === 'cancel' ? false : write(answer === 'yes' ? result.path : null, answer === 'yes')
    }
    design.markSaved({ path: result.path }, written)
    // What was typed while the file was written is still to be kept.
    if (!design.isDirty) await call('documents.clearAutosave', undefined)
    toasts.inform(t('files.saved'), result.path)
    return true
  }

  function create(): Promise<boolean> {
    return alone(async () => {
      if (!(await mayReplace())) return false
      show(emptyNetwork(t('files.untitled')), null)
      return true
    })
  }

  /** Opens a file, or asks for one. What cannot be read is told, and the design stays as it is. */
  async function open(path: string | null = null): Promise<boolean> {
    if (path !== null && (await isRun(path))) {
      await runFiles.open(path)
      return false
    }
    return alone(async () => {
      if (!(await mayReplace())) return false
      const opened = await call('documents.open', { path })
      if (!opened) return false
      show(opened.document, opened.path)
      return true
    })
  }

  /** Run files and networks have the same ending. */
  async function isRun(path: string): Promise<boolean> {
    return (await toasts.guard(() => call('exchange.isRun', { path }))) ?? false
  }

  /** Shows the import of a file of another program. */
  async function importFile(path: string): Promise<void> {
    if (await imports.choose(path)) dialog.value = 'import'
  }

  /** Puts an imported network in the design's place, as one that was never saved. */
  function useImport({ document, weights }: ImportResult): Promise<boolean> {
    return alone(async () => {
      if (!(await mayReplace())) return false
      show(document, null, true)
      if (weights && weights.size > 0) {
        imports.weights = { name: document.name, tensors: weights }
        startingWeights.useTensors(document.name, weights)
      }
      toasts.inform(t('imports.done', { name: document.name }), tn('imports.doneDetail', document.layers.length))
      return true
    })
  }

  /**
   * A file dropped on the window: one of ours is opened, as a design that was never saved where it lies on no disk; any
   * other goes to import.
   */
  async function drop(file: File): Promise<boolean> {
    if (isWeightFile(file.name)) {
      await startingWeights.drop(file)
      return false
    }
    const onDisk = pathOf(file)
    if (onDisk !== '' && /\.convscope$/i.test(file.name) && (await isRun(onDisk))) {
      await runFiles.open(onDisk)
      return false
    }
    if (!(await isOurs(file))) {
      if (await imports.take(file)) dialog.value = 'import'
      return false
    }
    const path = pathOf(file)
    if (path !== '') return open(path)
    return alone(async () => {
      const document = parseNetwork(await file.text(), file.name)
      if (!(await mayReplace())) return false
      show(document, null, true)
      return true
    })
  }

  function useTemplate(document: NetworkDocument): Promise<boolean> {
    return alone(async () => {
      if (!(await mayReplace())) return false
      show(document, null)
      return true
    })
  }

  function save(): Promise<boolean> {
    return alone(() => write(design.source?.path ?? null))
  }

  function saveAs(): Promise<boolean> {
    return alone(() => write(null))
  }

  /** Main waits for the answer, to close or to stay. */
  async function saveAndClose(): Promise<void> {
    const saved = (await save()) && !design.isDirty
    await toasts.guard(() => call('documents.leave', { saved }))
  }

  function revert(): Promise<boolean> {
    return alone(async () => {
      const path = design.source?.path
      if (path === undefined) return false
      if (design.isDirty && (await call('documents.ask', { question: 'revert', name: fileName(path) })) !== 'yes')
        return false
      const opened = await call('documents.open', { path })
      if (!opened) return false
      show(opened.document, opened.path)
      return true
    })
  }

  /** At the start, before any other design: what was not saved when the app last ended. */
  async function restore(): Promise<void> {
    recents.value = (await toasts.guard(() => call('documents.recent', undefined))) ?? []
    const found = await toasts.guard(() => call('documents.recover', undefined))
    if (found?.type === 'unreadable') toasts.add({ tone: 'error', error: found.error })
    if (found?.type !== 'restored') return
    show(found.document, found.path, true)
    const time = new Intl.DateTimeFormat(locale.value, { dateStyle: 'medium', timeStyle: 'short' }).format(
      found.savedAt,
    )
    toasts.add({
      tone: 'info',
      text: t('files.restored'),
      detail: t('files.restoredDetail', { name: found.document.name, time }),
    })
  }

  /** Opens the file that the app was called with, if any. */
  async function openPending(): Promise<void> {
    const path = await toasts.guard(() => call('documents.pending', undefined))
    if (path === null) return
    if (/\.onnx$/i.test(path)) await importFile(path)
    else await open(path)
  }

  /** Keeps the design through a crash, or forgets what was kept of one that is saved. */
  async function keep(): Promise<void> {
    const document = design.document
    const path = design.source?.path ?? null
    await toasts.guard<unknown>(() =>
      design.isDirty && document
        ? call('documents.autosave', { document, path })
        : call('documents.clearAutosave', undefined),
    )
  }

  return {
    recents,
    dialog,
    create,
    open,
    drop,
    useTemplate,
    useImport,
    save,
    saveAs,
    saveAndClose,
    revert,
    restore,
    openPending,
    keep,
  }
})

/** The name without its folders, on every system. */
export function fileName(path: string): string {
  return path.split(/[\\/]/).at(-1) ?? path
}

/** By its name, or by what it holds where other programs use the same ending. */
async function isOurs(file: File): Promise<boolean> {
  return /\.convscope$/i.test(file.name) || (/\.json$/i.test(file.name) && isNetworkDocument(await file.text()))
}

function emptyNetwork(name: string): NetworkDocument {
  const input = { id: 'input', kind: 'input', params: { height: 28, width: 28, channels: 1 }, inputs: [] }
  return { format: networkFormat, version: networkVersion, name, layers: [input] }
}

/** Also what is refused there with a word on how to save it otherwise. */
function isWeightFile(name: string): boolean {
  return /\.(safetensors|npz|pt|pth|pkl)$/i.test(name)
}
