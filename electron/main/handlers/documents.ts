import { AppError } from '../../../shared/errors'
import type { RecentDocument } from '../../../shared/ipc/document-calls'
import { parseNetwork } from '../../../shared/network/parse'
import { isRunFile } from '../../exchange/run-file/is-run-file'
import { writeAtomically } from '../documents/atomic-write'
import type { Autosave } from '../documents/autosave'
import type { CloseGuard } from '../documents/close-guard'
import { exportExtension, type DocumentDialogs } from '../documents/dialogs'
import { documentExtensions, type DocumentFiles } from '../documents/document-files'
import { readImportFile } from '../documents/import-file'
import type { Handlers } from '../ipc/serve'

type DocumentCalls = Extract<keyof Handlers, `documents.${string}`>

export interface RecentDocuments {
  list(): RecentDocument[]
  add(path: string, name: string): void
  clear(): void
}

export interface DocumentHandlersOptions {
  readonly files: DocumentFiles
  readonly recents: RecentDocuments
  readonly autosave: Autosave
  readonly dialogs: DocumentDialogs
  readonly guard: CloseGuard
  /** Puts the design's name and state into the title bar. */
  readonly showTitle: (design: { name: string; path: string | null; dirty: boolean }) => void
  /** Has the window open a file as one that the app was called with. */
  readonly openLater: (path: string) => void
  /** The file that the app was called with, once. */
  readonly takePending: () => string | null
}

// Bundled by the build tool: a template added to the folder needs no list edited.
const templates = import.meta.glob<string>('../../../resources/templates/*.json', {
  eager: true,
  query: '?raw',
  import: 'default',
})

export function documentsHandlers(options: DocumentHandlersOptions): Pick<Handlers, DocumentCalls> {
  const { files, recents, autosave, dialogs, guard } = options
  return {
    'documents.templates': () =>
      Object.entries(templates).map(([path, text]) => {
        const name = path.split('/').at(-1) ?? path
        return { id: name.replace(/\.json$/, ''), document: parseNetwork(text, name) }
      }),
    async 'documents.open'({ path }) {
      const chosen = path ?? (await dialogs.askOpen())
      if (chosen === null) return null
      // Networks and runs have the same ending: the window opens a run in its own way.
      if (path === null && isRunFile(chosen)) {
        options.openLater(chosen)
        return null
      }
      const opened = files.open(chosen)
      recents.add(opened.path, opened.document.name)
      return opened
    },
    async 'documents.readImport'({ path }) {
      const chosen = path ?? (await dialogs.askImport())
      return chosen === null ? null : readImportFile(chosen)
    },
    async 'documents.save'({ document, path, overwrite }) {
      let target = path
      if (target === null) {
        const chosen = await dialogs.askSave(`${fileName(document.name)}.${documentExtensions[0]}`)
        if (chosen === null) return { type: 'cancelled' }
        target = withExtension(chosen)
        // A name that the box has not seen because we completed it: it may not be overwritten unasked.
        if (target === chosen) files.allow(target)
        else files.restore(target, '')
      }
      if (files.save(target, document, overwrite) === 'changed') return { type: 'changed', path: target }
      recents.add(target, document.name)
      return { type: 'saved', path: target }
    },
    'documents.recent': () => recents.list(),
    'documents.clearRecent': () => void recents.clear(),
    'documents.ask': ({ question, name }) => dialogs.ask(question, name),
    'documents.autosave': ({ document, path }) =>
      void autosave.keep({ document, path, fingerprint: files.fingerprint(path) }),
    'documents.clearAutosave': () => void autosave.clear(),
    'documents.recover'() {
      const found = autosave.recover()
      if (!found) return null
      const { recovery, fingerprint } = found
      if (recovery.type === 'restored' && recovery.path !== null) files.restore(recovery.path, fingerprint)
      return recovery
    },
    'documents.show'(design) {
      guard.setUnsaved(design.dirty ? design.name : null)
      options.showTitle(design)
      return undefined
    },
    'documents.pending': () => options.takePending(),
    'documents.leave': ({ saved }) => void guard.saved(saved),
    async 'documents.export'({ kind, name, content }) {
      const target = await dialogs.askExport(`${fileName(name)}.${exportExtension(kind)}`, kind)
      if (target === null) return null
      if (content.length === 0) throw new AppError('invalid-input', 'There is nothing to write.')
      writeAtomically(target, content)
      return target
    },
  }
}

/** A network's name as a file name: no separators, no characters that Windows refuses. */
function fileName(name: string): string {
  return name.replaceAll(/[<>:"/\\|?*\p{Cc}]/gu, '-').trim() || 'network'
}

function withExtension(path: string): string {
  return documentExtensions.some((extension) => path.toLowerCase().endsWith(`.${extension}`))
    ? path
    : `${path}.${documentExtensions[0]}`
}
