const every = 5_000

/**
 * Prints what set-up is doing: one line a step, and for long steps how far it is.
 * On a terminal the progress line is rewritten; elsewhere it is printed every few seconds.
 */
export class Progress {
  /** @param {NodeJS.WriteStream} [stream] */
  constructor(stream = process.stderr) {
    this.stream = stream
    this.title = ''
    this.open = false
    this.printed = 0
    this.lines = 0
  }

  /** @param {string} title the part that the next lines are about */
  part(title) {
    this.title = title
  }

  /** @param {string} text */
  step(text) {
    this.write(`${this.title.padEnd(18)} ${text}`, false)
    this.printed = Date.now()
  }

  /**
   * @param {string} text
   * @param {number} done bytes
   * @param {number} total bytes
   */
  bytes(text, done, total) {
    const part = Math.min(1, done / total)
    this.passing(`${text}  ${megabytes(done)} of ${megabytes(total)} MB  ${Math.floor(part * 100)} %`)
  }

  /**
   * @param {string} text
   * @param {number} since when it began, as Date.now()
   */
  elapsed(text, since) {
    this.passing(`${text}  ${Math.round((Date.now() - since) / 1000)} s`)
  }

  /** @param {string} text a line that the next one replaces */
  passing(text) {
    const line = `${this.title.padEnd(18)} ${text}`
    if (this.stream.isTTY) this.write(line, true)
    else if (Date.now() - this.printed >= every) this.step(text)
  }

  /** @param {string} line @param {boolean} open */
  write(line, open) {
    if (this.stream.isTTY) {
      if (this.open) this.stream.write('\r\x1b[K')
      this.stream.write(open ? line : `${line}\n`)
    } else this.stream.write(`${line}\n`)
    this.open = open
    this.lines += 1
  }
}

/** @param {number} bytes */
function megabytes(bytes) {
  return (bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)
}
