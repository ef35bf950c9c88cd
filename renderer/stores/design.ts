import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import type { NetworkDocument } from '../../shared/network/document'
import type { TextKey } from '../i18n/text'

/** What a step of the history is called in menus: a sentence of the window and its parts. */
export interface EditLabel {
  readonly key: TextKey
  readonly params?: Readonly<Record<string, string | number>>
}

/** Where the document came from; null for one that was never saved. */
export interface DocumentSource {
  readonly path: string
}

export interface EditOptions {
  /** Selected afterwards; as before where absent. */
  readonly select?: readonly string[]
  /** Edits of the same `merge` within `mergeMilliseconds` are one step: typing a number, dragging a layer. */
  readonly merge?: string
}

interface Snapshot {
  readonly document: NetworkDocument
  readonly selection: readonly string[]
}

interface Step {
  readonly label: EditLabel
  readonly before: Snapshot
  readonly after: Snapshot
  readonly merge: string | null
  readonly at: number
}

export const historyLimit = 200
export const mergeMilliseconds = 1200

/**
 * The network being designed, what is selected in it, and everything that was done to it. Documents are never changed in
 * place: each edit puts a new one, so the history is a list of documents and a saved one is recognized by identity.
 */
export const useDesign = defineStore('design', () => {
  const document = shallowRef<NetworkDocument | null>(null)
  const source = shallowRef<DocumentSource | null>(null)
  const saved = shallowRef<NetworkDocument | null>(null)
  const selection = shallowRef<readonly string[]>([])
  const past = shallowRef<readonly Step[]>([])
  const future = shallowRef<readonly Step[]>([])
  /** Counts loads, for views that start afresh with another document. */
  const generation = ref(0)

  const isDirty = computed(() => document.value !== saved.value)
  const undoLabel = computed(() => past.value.at(-1)?.label ?? null)
  const redoLabel = computed(() => future.value.at(-1)?.label ?? null)

  /** Opens another document: the history starts anew. `dirty` is for one recovered from an autosave. */
  function load(next: NetworkDocument, from: DocumentSource | null, options: { readonly dirty?: boolean } = {}): void {
    document.value = next
    source.value = from
    saved.value = options.dirty ? null : next
    selection.value = []
    past.value = []
    future.value = []
    generation.value++
  }

  /** `written` is what was saved, where the person went on editing meanwhile. */
  function markSaved(to: DocumentSource | null = source.value, written = document.value): void {
    source.value = to
    saved.value = written
  }

  /** Puts `next` in place of the document, as one step that can be undone. An unchanged document is no step. */
  function applyEdit(label: EditLabel, next: NetworkDocument, options: EditOptions = {}): void {
    const current = document.value
    if (!current || next === current) {
      if (options.select) select(options.select)
      return
    }
    const known = new Set(next.layers.map((layer) => layer.id))
    const before: Snapshot = { document: current, selection: selection.value }
    const wanted = (options.select ?? selection.value).filter((id) => known.has(id))
    const after: Snapshot = { document: next, selection: wanted }
    record({ label, before, after, merge: options.merge ?? null, at: Date.now() })
    show(after)
  }

  function record(step: Step): void {
    const last = past.value.at(-1)
    const joins =
      last !== undefined &&
      step.merge !== null &&
      last.merge === step.merge &&
      step.at - last.at < mergeMilliseconds &&
      last.after.document !== saved.value
    past.value = joins
      ? [...past.value.slice(0, -1), { ...step, before: last.before }]
      : [...past.value.slice(1 - historyLimit), step]
    future.value = []
  }

  /** Another document under the same file, such as an imported one; can be undone. */
  function replaceDocument(label: EditLabel, next: NetworkDocument): void {
    applyEdit(label, next, { select: [] })
    generation.value++
  }

  /** Takes the last step back and gives its label; null where there is none. */
  function undo(): EditLabel | null {
    const step = past.value.at(-1)
    if (!step) return null
    past.value = past.value.slice(0, -1)
    future.value = [...future.value, step]
    show(step.before)
    return step.label
  }

  function redo(): EditLabel | null {
    const step = future.value.at(-1)
    if (!step) return null
    future.value = future.value.slice(0, -1)
    // What is typed next is a step of its own.
    past.value = [...past.value, { ...step, merge: null }]
    show(step.after)
    return step.label
  }

  function show(snapshot: Snapshot): void {
    document.value = snapshot.document
    select(snapshot.selection)
  }

  /** The same selection again is no change: nobody who shows it is to draw anew while one types. */
  function select(ids: readonly string[]): void {
    if (ids.length === selection.value.length && ids.every((id, i) => id === selection.value[i])) return
    selection.value = ids
  }

  return {
    document,
    source,
    selection,
    generation,
    isDirty,
    undoLabel,
    redoLabel,
    load,
    markSaved,
    applyEdit,
    replaceDocument,
    undo,
    redo,
    select,
  }
})
