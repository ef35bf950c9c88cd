import { extname, resolve } from 'node:path'
import { documentExtensions } from './document-files'

/** The network file, or the model to import, that a command line names, as the system's file manager does; else null. */
export function fileOfArguments(argv: readonly string[], folder: string): string | null {
  const endings: readonly string[] = [...documentExtensions, 'onnx']
  const named = argv
    .slice(1)
    .filter((argument) => !argument.startsWith('-') && endings.includes(extname(argument).slice(1).toLowerCase()))
  const last = named.at(-1)
  return last === undefined ? null : resolve(folder, last)
}
