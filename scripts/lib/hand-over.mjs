import { spawn } from 'node:child_process'

/**
 * Runs a program in place of ours: same terminal, same signals. Gives its exit code.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, timeout?: number }} [options] timeout in milliseconds
 * @returns {Promise<number>}
 */
export function handOver(command, args, { cwd, env, timeout } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio: 'inherit' })
    // The terminal sends Ctrl+C to both; the child decides what it means.
    const ignore = () => {}
    const forward = () => child.kill('SIGTERM')
    process.on('SIGINT', ignore)
    process.on('SIGTERM', forward)
    const deadline = timeout === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), timeout)
    /** @param {() => void} then */
    function settle(then) {
      clearTimeout(deadline)
      process.off('SIGINT', ignore)
      process.off('SIGTERM', forward)
      then()
    }
    child.on('error', (error) => settle(() => reject(error)))
    child.on('close', (code, signal) => settle(() => resolve(code ?? (signal === 'SIGINT' ? 130 : 1))))
  })
}
