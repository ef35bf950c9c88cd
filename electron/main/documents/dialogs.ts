import { app, dialog, type BrowserWindow, type FileFilter } from 'electron'
import { join } from 'node:path'
import { importExtensions } from '../../../shared/import/source'
import type { DocumentAnswer, DocumentQuestion, ExportKind } from '../../../shared/ipc/document-calls'
import type { MenuTexts } from '../texts'
import { documentExtensions } from './document-files'

export interface DocumentDialogs {
  /** The file to open; null when the person changed their mind. */
  askOpen(): Promise<string | null>
  /** The file of another program. */
  askImport(): Promise<string | null>
  askSave(suggestion: string): Promise<string | null>
  askExport(suggestion: string, kind: ExportKind): Promise<string | null>
  ask(question: DocumentQuestion, name: string): Promise<DocumentAnswer>
}

/** The ending of what is exported. */
export function exportExtension(kind: ExportKind): string {
  return kind === 'python' ? 'py' : kind
}

/** The system's own boxes, in the language of the menus. */
export function createDocumentDialogs(window: () => BrowserWindow | null, texts: () => MenuTexts): DocumentDialogs {
  async function askPath(title: string, suggestion: string, filters: FileFilter[]): Promise<string | null> {
    const options = { title, defaultPath: join(app.getPath('documents'), suggestion), filters }
    const open = window()
    const answer = await (open ? dialog.showSaveDialog(open, options) : dialog.showSaveDialog(options))
    return answer.canceled || !answer.filePath ? null : answer.filePath
  }
  async function askExisting(title: string, filters: FileFilter[]): Promise<string | null> {
    const options = { title, properties: ['openFile' as const], filters }
    const open = window()
    const answer = await (open ? dialog.showOpenDialog(open, options) : dialog.showOpenDialog(options))
    return answer.canceled ? null : (answer.filePaths[0] ?? null)
  }
  return {
    askOpen: () => askExisting(texts().openTitle, [{ name: texts().networkFile, extensions: [...documentExtensions] }]),
    askImport: () =>
      askExisting(texts().importTitle, [
        { name: texts().importFile, extensions: [...importExtensions] },
        { name: texts().allFiles, extensions: ['*'] },
      ]),
    askSave: (suggestion) =>
      askPath(texts().saveTitle, suggestion, [{ name: texts().networkFile, extensions: [...documentExtensions] }]),
    askExport(suggestion, kind) {
      const t = texts()
      const names = {
        svg: t.svgFile,
        png: t.pngFile,
        gif: t.gifFile,
        npy: t.npyFile,
        csv: t.csvFile,
        python: t.pythonFile,
        safetensors: t.weightsFile,
      }
      return askPath(t.exportFileTitle, suggestion, [{ name: names[kind], extensions: [exportExtension(kind)] }])
    },
    async ask(question, name) {
      const { message, detail, buttons } = wording(texts(), question, name)
      const options = {
        type: 'warning' as const,
        message,
        detail,
        buttons: buttons.map(([label]) => label),
        defaultId: 0,
        cancelId: buttons.length - 1,
        noLink: true,
      }
      const open = window()
      const { response } = await (open ? dialog.showMessageBox(open, options) : dialog.showMessageBox(options))
      return buttons[response]?.[1] ?? 'cancel'
    },
  }
}

function wording(t: MenuTexts, question: DocumentQuestion, name: string) {
  const cancel: [string, DocumentAnswer] = [t.cancel, 'cancel']
  const all: Record<DocumentQuestion, { message: string; detail: string; buttons: [string, DocumentAnswer][] }> = {
    unsaved: {
      message: t.unsavedQuestion,
      detail: t.unsavedDetail,
      buttons: [[t.save, 'yes'], [t.dontSave, 'no'], cancel],
    },
    changed: {
      message: t.changedQuestion,
      detail: t.changedDetail,
      buttons: [[t.saveAs, 'no'], [t.overwrite, 'yes'], cancel],
    },
    revert: { message: t.revertQuestion, detail: t.revertDetail, buttons: [[t.revert, 'yes'], cancel] },
  }
  const { message, detail, buttons } = all[question]
  return { message: message.replace('{name}', name), detail, buttons }
}
