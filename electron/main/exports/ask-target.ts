import { app, dialog, type BrowserWindow } from 'electron'
import { join } from 'node:path'
import { exportExtensions, type ExportFormatId } from '../../../shared/exports/exports'
import type { MenuTexts } from '../texts'
import type { ExportWish } from './export-job'

/** Names of formats, the same in every language. */
const formatNames: Readonly<Record<ExportFormatId, string>> = {
  safetensors: 'Safetensors',
  onnx: 'ONNX',
  keras: 'Keras',
  tfjs: 'TensorFlow.js',
  savedmodel: 'SavedModel',
  npz: 'NumPy',
  'pytorch-project': 'PyTorch',
  csv: 'CSV',
}

export type AskedExport = Pick<ExportWish, 'format' | 'zip'>

/** Asks for a file, or for the name of a folder to make; null when the person changed their mind. */
export function createTargetDialog(window: () => BrowserWindow | null, texts: () => MenuTexts) {
  return async (suggestion: string, { format, zip }: AskedExport): Promise<string | null> => {
    const extension = zip ? 'zip' : exportExtensions[format]
    const options = {
      title: extension === null ? texts().exportFolderTitle : texts().exportTitle,
      defaultPath: join(app.getPath('documents'), suggestion),
      filters: extension === null ? [] : [{ name: formatNames[format], extensions: [extension] }],
    }
    const open = window()
    const answer = await (open ? dialog.showSaveDialog(open, options) : dialog.showSaveDialog(options))
    return answer.canceled || !answer.filePath ? null : answer.filePath
  }
}
