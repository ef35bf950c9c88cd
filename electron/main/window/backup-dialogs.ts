import { app, dialog, type BrowserWindow } from 'electron'
import { join } from 'node:path'
import type { MenuTexts } from '../texts'

export interface BackupDialogs {
  /** The file to write; null when the person changed their mind. */
  askTarget(suggestion: string): Promise<string | null>
  /** The backup to restore. */
  askBackup(): Promise<string | null>
}

/** The system's own boxes, in the language of the menus. */
export function createBackupDialogs(window: () => BrowserWindow | null, texts: () => MenuTexts): BackupDialogs {
  const filters = () => [{ name: texts().backupFile, extensions: ['zip'] }]
  return {
    async askTarget(suggestion) {
      const defaultPath = join(app.getPath('documents'), suggestion)
      const options = { title: texts().backupTitle, defaultPath, filters: filters() }
      const open = window()
      const answer = await (open ? dialog.showSaveDialog(open, options) : dialog.showSaveDialog(options))
      return answer.canceled || !answer.filePath ? null : answer.filePath
    },
    async askBackup() {
      const options = { title: texts().restoreTitle, properties: ['openFile' as const], filters: filters() }
      const open = window()
      const answer = await (open ? dialog.showOpenDialog(open, options) : dialog.showOpenDialog(options))
      return answer.canceled ? null : (answer.filePaths[0] ?? null)
    },
  }
}
