import type { ErrorKind } from '../../shared/errors'

export const exitCodes = { ok: 0, failed: 1, badInput: 2, missing: 3, interrupted: 130 } as const

const badInput: readonly ErrorKind[] = [
  'invalid-input',
  'invalid-network',
  'unsupported-version',
  'not-found',
  'data-corrupt',
  'file-corrupt',
]
const missing: readonly ErrorKind[] = ['data-missing', 'data-differs', 'engine-missing']

/** What a shell sees of an error. */
export function exitCodeOf(kind: ErrorKind): number {
  if (kind === 'cancelled') return exitCodes.interrupted
  if (badInput.includes(kind)) return exitCodes.badInput
  return missing.includes(kind) ? exitCodes.missing : exitCodes.failed
}
