import { useEventListener, watchDebounced } from '@vueuse/core'
import { onBeforeUnmount, ref, watch, type Ref } from 'vue'
import type { DocumentCommand } from '../../../shared/ipc/document-calls'
import { call, listen } from '../../api/bridge'
import { done, press, shortcutOf, type Actions } from '../../shortcuts/press'
import { useDesign } from '../../stores/design'
import { useDocuments } from '../../stores/documents'
import { useRunFiles } from '../../stores/run-files'
import { useStartingWeights } from '../../stores/starting-weights'
import { useToasts } from '../../stores/toasts'
import { useEdits } from '../designer/use-edits'

/** A design is kept this long after a change, and during a long row of changes at least this often. */
const keepAfterMs = 1500
const keepAtLeastMs = 4000

/** Ties the design to its file for as long as the window is open: menu, keys, dropped files, title bar and autosave. */
export function useDocumentFiles(): { readonly dropping: Readonly<Ref<boolean>> } {
  const design = useDesign()
  const documents = useDocuments()
  const toasts = useToasts()
  const edits = useEdits()
  const weights = useStartingWeights()
  const runFiles = useRunFiles()
  const dropping = ref(false)

  const commands: Readonly<Record<DocumentCommand, () => unknown>> = {
    new: documents.create,
    newFromTemplate: () => (documents.dialog = 'templates'),
    open: () => documents.open(),
    import: () => (documents.dialog = 'import'),
    importWeights: () => weights.choose(),
    openRun: () => runFiles.open(),
    save: documents.save,
    saveAs: documents.saveAs,
    saveAndClose: documents.saveAndClose,
    revert: documents.revert,
    exportPicture: () => (documents.dialog = 'picture'),
    undo: () => inField('undo') || edits.undo(),
    redo: () => inField('redo') || edits.redo(),
  }

  const keys: Actions<'files'> = {
    new: () => done(commands.new),
    open: () => done(commands.open),
    save: () => done(commands.save),
    saveAs: () => done(commands.saveAs),
  }

  const ends = [
    listen('documents.command', ({ command }) => void commands[command]()),
    listen('documents.pending', () => void documents.openPending()),
    listen('documents.recentChanged', (list) => (documents.recents = list)),
  ]
  onBeforeUnmount(() => ends.forEach((end) => end()))

  useEventListener(window, 'keydown', (event) => {
    if (event.repeat || shortcutOf(['files'], event) === null) return
    if (!document.querySelector('[role=dialog], [role=alertdialog]')) press(['files'], keys, event)
  })
  useEventListener(window, 'dragover', (event) => {
    // What the screen itself takes, such as a picture to look at, is none of ours.
    dropping.value = isOurs(event)
    if (!dropping.value || !event.dataTransfer) return
    event.preventDefault()
    event.dataTransfer.dropEffect = 'copy'
  })
  useEventListener(window, 'dragleave', (event) => {
    if (event.relatedTarget === null) dropping.value = false
  })
  useEventListener(window, 'drop', (event) => {
    dropping.value = false
    if (!isOurs(event)) return
    event.preventDefault()
    const file = event.dataTransfer?.files[0]
    if (file) void documents.drop(file)
  })
  // A reload of the window leaves no time to wait.
  useEventListener(window, 'pagehide', () => void (design.isDirty && documents.keep()))

  watch(
    [
      () => design.document?.name ?? '',
      () => design.source?.path ?? null,
      () => design.isDirty && design.document !== null,
    ],
    ([name, path, dirty]) => void toasts.guard(() => call('documents.show', { name, path, dirty })),
  )
  watchDebounced(
    () => design.document,
    () => void (design.isDirty && documents.keep()),
    {
      debounce: keepAfterMs,
      maxWait: keepAtLeastMs,
    },
  )
  // Also when the last change was undone: then nothing is left to keep.
  watch(
    () => design.isDirty,
    (dirty) => void (!dirty && documents.keep()),
  )
  return { dropping }
}

function isOurs(event: DragEvent): boolean {
  return !event.defaultPrevented && event.dataTransfer?.types.includes('Files') === true
}

/** Undoes inside a text field, where the focus is in one. */
function inField(what: 'undo' | 'redo'): boolean {
  const focused = document.activeElement
  const isField = focused instanceof HTMLInputElement || focused instanceof HTMLTextAreaElement
  // No other way leads to a text field's own history.
  return isField && document.execCommand(what)
}
