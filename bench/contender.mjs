import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

/**
 * A process that trains one epoch each time it is asked, so that contenders can take turns and a change of the machine's
 * mood strikes all of them alike.
 * @param {string} name
 * @param {string[]} command
 * @param {NodeJS.ProcessEnv} [env]
 */
export async function startContender(name, command, env = process.env) {
  const [file = '', ...args] = command
  const child = spawn(file, args, { env, stdio: ['pipe', 'pipe', 'pipe'] })
  let errors = ''
  child.stderr.on('data', (chunk) => (errors = (errors + chunk).slice(-4000)))
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()

  /** @returns {Promise<Record<string, unknown>>} the next line that is an object */
  async function listen() {
    for (;;) {
      const { value, done } = await lines.next()
      if (done)
        throw new Error(`${name} ended early (exit code ${child.exitCode}, signal ${child.signalCode}):\n${errors}`)
      if (String(value).startsWith('{')) return JSON.parse(String(value))
    }
  }

  const ready = await listen()
  return {
    name,
    ready,
    /** @returns {Promise<{ seconds: number, loss: number }>} */
    async epoch() {
      child.stdin.write('epoch\n')
      const { seconds, loss } = await listen()
      return { seconds: Number(seconds), loss: Number(loss) }
    },
    /** Ends the process; gives its peak memory in bytes. */
    async quit() {
      child.stdin.write('quit\n')
      const { peakBytes } = await listen()
      child.stdin.end()
      return Number(peakBytes)
    },
  }
}
