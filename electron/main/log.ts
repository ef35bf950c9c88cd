import { appendFileSync, existsSync, mkdirSync, renameSync, statSync } from 'node:fs'
import { dirname } from 'node:path'

const keptBytes = 1024 * 1024

export type Log = (message: string) => void

/** Appends lines to a file, of which one older part is kept. A log that cannot be written stops nothing. */
export function openLog(file: string): Log {
  try {
    mkdirSync(dirname(file), { recursive: true })
    if (existsSync(file) && statSync(file).size > keptBytes) renameSync(file, `${file}.old`)
  } catch {
    // Told below, at the first line.
  }
  let broken = false
  return function log(message) {
    try {
      appendFileSync(file, `${new Date().toISOString()} ${message}\n`)
    } catch (error) {
      if (!broken) process.stderr.write(`convscope: cannot write ${file}: ${String(error)}\n`)
      broken = true
    }
  }
}
