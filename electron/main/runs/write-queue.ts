import { fromWire, toWire, type WireError } from '../../../shared/errors'

/** One thing to write, kept until it is safely in the database. */
export interface Write {
  run(): void
  /** Called once the transaction that held it is committed, or it was given up. */
  done?(): void
}

export interface WriteQueue {
  push(write: Write): void
  /** Writes all that waits, now. False when that failed; it is then tried again by itself. */
  flush(): boolean
  /** Writes all that waits and then this, or throws and leaves this undone. */
  writeNow(run: () => void): void
  /** Tries a last time and stops. False when something could not be written. */
  close(): boolean
}

export interface WriteQueueOptions {
  /** Runs its argument in one transaction: all of it or nothing. */
  readonly transaction: (work: () => void) => void
  /** The error when writes begin to fail, null when all is written again. */
  readonly onProblem: (error: WireError | null) => void
  /** A write that can never succeed was given up, so that the others can. */
  readonly onDropped: (error: unknown) => void
  readonly intervalMs?: number
  readonly longestBackoffMs?: number
}

/**
 * Batches writes into one transaction at most every `intervalMs` (a transaction costs a flush of the disk). When the disk is
 * full or the file is locked, everything stays in memory in order and is tried again, more and more seldom.
 */
export function createWriteQueue(options: WriteQueueOptions): WriteQueue {
  const { transaction, intervalMs = 250, longestBackoffMs = 30_000 } = options
  let waiting: Write[] = []
  let timer: NodeJS.Timeout | null = null
  let failures = 0
  let problem: WireError | null = null
  let closed = false

  function schedule(): void {
    if (timer || closed || waiting.length === 0) return
    timer = setTimeout(flush, Math.min(intervalMs * 2 ** failures, Math.max(longestBackoffMs, intervalMs)))
  }

  function flush(): boolean {
    if (timer) clearTimeout(timer)
    timer = null
    const batch = waiting
    if (batch.length === 0) return true
    waiting = []
    const error = tryAll(batch)
    if (error === null) {
      if (problem) options.onProblem(null)
      problem = null
      failures = 0
      return true
    }
    const wire = toWire(error)
    if (problem?.kind !== wire.kind) options.onProblem(wire)
    problem = wire
    failures += 1
    schedule()
    return false
  }

  /** Null, or the error that keeps the batch waiting. */
  function tryAll(batch: readonly Write[]): unknown {
    try {
      transaction(() => batch.forEach((write) => write.run()))
    } catch (error) {
      if (!isPassing(error) && batch.length > 1) return tryOneByOne(batch)
      if (!isPassing(error)) {
        options.onDropped(error)
      } else {
        waiting = [...batch, ...waiting]
        return error
      }
    }
    batch.forEach((write) => write.done?.())
    return null
  }

  function tryOneByOne(batch: readonly Write[]): unknown {
    for (const [index, write] of batch.entries()) {
      const error = tryAll([write])
      if (error === null) continue
      waiting = [...waiting, ...batch.slice(index + 1)]
      return error
    }
    return null
  }

  return {
    push(write) {
      waiting.push(write)
      schedule()
    },
    flush,
    writeNow(run) {
      if (!flush() && problem) throw fromWire(problem)
      transaction(run)
    },
    close() {
      const written = flush()
      closed = true
      if (timer) clearTimeout(timer)
      timer = null
      return written
    },
  }
}

/** The environment's fault (full disk, lock, rights), which can pass; anything else is ours and would fail for ever. */
function isPassing(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return /^(SQLITE_(BUSY|LOCKED|FULL|IOERR|READONLY|CANTOPEN|NOMEM|PERM|PROTOCOL|CORRUPT|NOTADB)|E[A-Z]+$)/.test(code)
}
