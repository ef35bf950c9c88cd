/**
 * One error class for everything a person may see. `kind` is closed: the window and the command line decide by it,
 * never by the text. `params` fill the translated sentence `errors.<kind>`; `message` is the same in plain English.
 */
export const errorKinds = [
  'invalid-input',
  'invalid-network',
  'unsupported-version',
  'not-found',
  'data-corrupt',
  'data-missing',
  /** Other pictures than those that a run was trained with. */
  'data-differs',
  /** A file that a person chose: a run, a backup. */
  'file-corrupt',
  'disk-full',
  'permission-denied',
  'database-locked',
  'database-corrupt',
  'database-too-new',
  'engine-missing',
  'engine-failed',
  'out-of-memory',
  'not-a-number',
  /** A run goes on with another engine than the one before; nothing is lost. */
  'engine-changed',
  'trainer-crashed',
  /** What looks into a network died; the training of one goes on. */
  'inspector-crashed',
  /** What writes and proves an exported file died. */
  'exporter-crashed',
  /** What writes and reads run files and backups died. */
  'archiver-crashed',
  /** A file, read back, is not the network that was written. */
  'export-differs',
  'busy',
  /** The person ended it; not a fault. */
  'cancelled',
  'internal',
] as const
export type ErrorKind = (typeof errorKinds)[number]

export type ErrorParams = Readonly<Record<string, string | number>>

export interface WireError {
  readonly kind: ErrorKind
  /** What went wrong, naming the culprit, in English. */
  readonly message: string
  /** What the person can do about it, in English; empty when nothing is known. */
  readonly fix: string
  readonly params: ErrorParams
}

export class AppError extends Error {
  readonly kind: ErrorKind
  readonly fix: string
  readonly params: ErrorParams

  constructor(kind: ErrorKind, message: string, options: { fix?: string; params?: ErrorParams; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'AppError'
    this.kind = kind
    this.fix = options.fix ?? ''
    this.params = options.params ?? {}
  }
}

/** The plain object that crosses process borders. Unknown values become `internal` with their own text. */
export function toWire(error: unknown): WireError {
  if (error instanceof AppError) {
    return { kind: error.kind, message: error.message, fix: error.fix, params: error.params }
  }
  const message = error instanceof Error ? error.message : String(error)
  return { kind: systemErrorKind(error), message, fix: '', params: {} }
}

export function fromWire(wire: WireError): AppError {
  return new AppError(wire.kind, wire.message, { fix: wire.fix, params: wire.params })
}

/** Maps the operating system's and SQLite's error codes to our kinds. */
function systemErrorKind(error: unknown): ErrorKind {
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : ''
  if (code === 'ENOSPC' || code === 'EDQUOT' || code === 'SQLITE_FULL') return 'disk-full'
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS' || code === 'SQLITE_READONLY')
    return 'permission-denied'
  if (code === 'ENOENT') return 'not-found'
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED')) return 'database-locked'
  if (code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB') return 'database-corrupt'
  return 'internal'
}
