import { app, dialog, type BrowserWindow, type FileFilter } from 'electron'
import { join } from 'node:path'
import { weightFormats } from '../../../shared/import/weights/file'
import type { RunFileDialogs } from '../handlers/run-files'
import type { WeightsDialogs } from '../handlers/weights'
import type { MenuTexts } from '../texts'

/** The system's own boxes for what enters and leaves as files, in the language of the menus. */
export function createExchangeDialogs(
  window: () => BrowserWindow | null,
  texts: () => MenuTexts,
): WeightsDialogs & RunFileDialogs {
  async function askOpen(title: string, filters: FileFilter[]): Promise<string | null> {
    const options = { title, properties: ['openFile' as const], filters }
    const open = window()
    const answer = await (open ? dialog.showOpenDialog(open, options) : dialog.showOpenDialog(options))
    return answer.canceled ? null : (answer.filePaths[0] ?? null)
  }
  async function askSave(title: string, suggestion: string, filters: FileFilter[]): Promise<string | null> {
    const options = { title, defaultPath: join(app.getPath('documents'), suggestion), filters }
    const open = window()
    const answer = await (open ? dialog.showSaveDialog(open, options) : dialog.showSaveDialog(options))
    return answer.canceled || !answer.filePath ? null : answer.filePath
  }
  return {
    askWeights: () =>
      askOpen(texts().weightsTitle, [
        { name: texts().weightFiles, extensions: [...weightFormats] },
        { name: texts().allFiles, extensions: ['*'] },
      ]),
    askRunFile: () => askOpen(texts().runFileTitle, [{ name: texts().runFile, extensions: ['convscope'] }]),
    askRunTarget: (suggestion) =>
      askSave(texts().runTargetTitle, suggestion, [{ name: texts().runFile, extensions: ['convscope'] }]),
  }
}
