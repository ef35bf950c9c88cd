import type { WireError } from '../../shared/errors'

/** Where the program writes to: process.stdout and process.stderr, or a test's own. */
export interface Terminal {
  write(text: string): void
  readonly isTTY: boolean
  readonly columns: number
}

export interface Output {
  /** With `--json`, objects go to stdout one a line and nothing else does. */
  readonly json: boolean
  /** A fact for scripts; nothing where people read. */
  object(value: Readonly<Record<string, unknown>>): void
  /** A line for people; nothing where scripts read. */
  line(text?: string): void
  /** Something that went not as wished, on stderr. */
  notice(text: string): void
  error(error: WireError): void
  /** A line that replaces the one before, on a terminal only; an empty text clears it. */
  status(text: string): void
}

export function createOutput(json: boolean, out: Terminal, err: Terminal): Output {
  let shown = 0

  function clear(): void {
    if (shown > 0) err.write(`\r${' '.repeat(shown)}\r`)
    shown = 0
  }
  function writeObject(to: Terminal, value: Readonly<Record<string, unknown>>): void {
    to.write(`${JSON.stringify(value)}\n`)
  }

  return {
    json,
    object(value) {
      if (json) writeObject(out, value)
    },
    line(text = '') {
      if (json) return
      clear()
      out.write(`${text}\n`)
    },
    notice(text) {
      if (json) {
        writeObject(err, { type: 'notice', message: text })
        return
      }
      clear()
      err.write(`${text}\n`)
    },
    error(error) {
      if (json) {
        writeObject(err, { type: 'error', ...error })
        return
      }
      clear()
      err.write(`convscope: ${[error.message, error.fix].filter(Boolean).join(' ')}\n`)
    },
    status(text) {
      if (json || !err.isTTY) return
      const fitting = text.slice(0, Math.max(0, err.columns - 1))
      // Written over the one before in one go: nothing flickers.
      err.write(`\r${fitting.padEnd(shown)}`)
      shown = fitting.length
    },
  }
}
