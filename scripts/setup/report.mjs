import { SetupError } from './errors.mjs'

/**
 * Prints why a command stopped, and gives its exit code.
 * @param {unknown} error
 */
export function reportFailure(error) {
  if (error instanceof SetupError) {
    console.error(`\nset-up stopped: ${error.message}\n\nWhat to do: ${error.advice}`)
    return 1
  }
  const code = /** @type {NodeJS.ErrnoException} */ (error).code
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    console.error(
      `\nset-up stopped: ${String(error)}\n\nWhat to do: free some space (all of set-up takes 5 GB), or set`,
    )
    console.error('CONVSCOPE_CACHE to a folder on a larger disk.')
    return 1
  }
  if (code === 'EACCES' || code === 'EROFS' || code === 'EPERM') {
    console.error(
      `\nset-up stopped: ${String(error)}\n\nWhat to do: make the folder writable, or set CONVSCOPE_CACHE to another one.`,
    )
    return 1
  }
  console.error(error instanceof Error ? (error.stack ?? error.message) : error)
  return 1
}
