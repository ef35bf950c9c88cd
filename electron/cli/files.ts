import { randomUUID } from 'node:crypto'
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { AppError, toWire } from '../../shared/errors'

/** Throws `not-found` and the like, naming the file. */
export function readInput(file: string): Uint8Array {
  try {
    const bytes = readFileSync(file)
    return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  } catch (error) {
    throw explain(error, file, 'read')
  }
}

/** Writes a whole file or nothing. Throws naming the file. */
export function writeOutput(file: string, bytes: Uint8Array): void {
  const unfinished = `${file}.${randomUUID()}.part`
  try {
    writeFileSync(unfinished, bytes)
    renameSync(unfinished, file)
  } catch (error) {
    rmSync(unfinished, { force: true })
    throw explain(error, file, 'written')
  }
}

function explain(error: unknown, file: string, done: 'read' | 'written'): AppError {
  const { kind, message } = toWire(error)
  const code = error instanceof Error && 'code' in error ? error.code : ''
  if (code === 'ENOENT' && done === 'read')
    return new AppError('not-found', `There is no file ${file}.`, { cause: error })
  if (code === 'ENOENT') return new AppError('not-found', `The folder of ${file} does not exist.`, { cause: error })
  if (code === 'EISDIR') return new AppError('invalid-input', `${file} is a folder, not a file.`, { cause: error })
  return new AppError(kind, `${file} cannot be ${done}: ${message}.`, { cause: error })
}
