import { closeSync, fstatSync, openSync } from 'node:fs'

/**
 * TensorFlow 2.21 greets on stderr while its library is being loaded, before any setting of its own can silence it
 * (`TF_CPP_MIN_LOG_LEVEL` works for all later lines). On Linux stderr is pointed elsewhere for that moment, where it is a
 * terminal or a pipe. The greeting stays in a file, whose position would be lost, in a socket, and where the person has set
 * the level.
 */
export async function withQuietStderr<Result>(work: () => Promise<Result>, asked: string | undefined): Promise<Result> {
  const kept = asked === undefined && process.platform === 'linux' ? copyOf(2) : null
  if (kept === null) return work()
  pointStderr('/dev/null')
  try {
    return await work()
  } finally {
    pointStderr(`/proc/self/fd/${kept}`)
    closeSync(kept)
  }
}

/** A second descriptor of the same terminal or pipe. */
function copyOf(descriptor: number): number | null {
  try {
    const kind = fstatSync(descriptor)
    if (!kind.isCharacterDevice() && !kind.isFIFO()) return null
    return openSync(`/proc/self/fd/${descriptor}`, 'a')
  } catch {
    return null
  }
}

/** The lowest free number is taken: 2, since 0 and 1 are open. */
function pointStderr(path: string): void {
  closeSync(2)
  const descriptor = openSync(path, 'a')
  if (descriptor !== 2) throw new Error(`stderr became descriptor ${descriptor}`)
}
