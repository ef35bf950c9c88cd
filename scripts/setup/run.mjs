import { spawn } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { SetupError } from './errors.mjs'

/** @type {Set<import('node:child_process').ChildProcess>} */
const children = new Set()
let handled = false

/** Ctrl+C and a polite kill end the children too; what they had fetched so far is fetched again next time. */
function endChildrenWithUs() {
  if (handled) return
  handled = true
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    process.on(signal, () => {
      for (const child of children) killGroup(child)
      process.exit(signal === 'SIGINT' ? 130 : 143)
    })
  }
}

/** @param {import('node:child_process').ChildProcess} child */
function killGroup(child) {
  if (child.pid === undefined) return
  try {
    if (process.platform === 'win32') child.kill()
    else process.kill(-child.pid, 'SIGKILL')
  } catch {
    // It has ended already.
  }
}

/**
 * @typedef {object} RunOptions
 * @property {string} [cwd]
 * @property {NodeJS.ProcessEnv} [env] added to ours
 * @property {number} [timeout] milliseconds
 * @property {() => void} [onTick] called a few times a second while it runs
 */

/**
 * Runs a program quietly and gives its output; the last lines of it go into the error if it fails.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {RunOptions} [options]
 * @returns {Promise<string>}
 */
export function run(command, args, { cwd, env, timeout = 30 * 60_000, onTick } = {}) {
  endChildrenWithUs()
  return new Promise((resolve, reject) => {
    const onWindows = process.platform === 'win32'
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: !onWindows,
      shell: onWindows && !command.endsWith('.exe'),
      windowsHide: true,
    })
    children.add(child)
    let output = ''
    let late = false
    const deadline = setTimeout(() => {
      late = true
      killGroup(child)
    }, timeout)
    const ticker = onTick ? setInterval(onTick, 250) : undefined
    child.stdout.on('data', (data) => (output += String(data)))
    child.stderr.on('data', (data) => (output += String(data)))
    /** @param {() => void} then */
    function settle(then) {
      clearTimeout(deadline)
      clearInterval(ticker)
      children.delete(child)
      then()
    }
    const shown = [command, ...args].join(' ')
    child.on('error', (error) => settle(() => reject(new RunError(`${shown}: ${error.message}`, output))))
    child.on('close', (code, signal) =>
      settle(() => {
        if (code === 0) resolve(output)
        else if (late) reject(new RunError(`${shown} took longer than ${timeout / 1000} s`, output))
        else reject(new RunError(`${shown} ended with ${signal ?? `code ${code}`}`, output))
      }),
    )
  })
}

/** A program that failed, with the end of what it printed. */
export class RunError extends Error {
  /** @param {string} message @param {string} output */
  constructor(message, output) {
    const tail = output.trimEnd().split('\n').slice(-15).join('\n')
    super(tail ? `${message}\n${tail.replace(/^/gm, '  | ')}` : message)
    this.name = 'RunError'
    this.output = output
  }
}

/**
 * Where a command is on the PATH, or null.
 * @param {string} name
 */
export function findCommand(name) {
  const names = process.platform === 'win32' ? [`${name}.exe`, `${name}.cmd`] : [name]
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    for (const file of names) {
      const path = join(folder, file)
      try {
        accessSync(path, constants.X_OK)
        return path
      } catch {
        // Not in this folder.
      }
    }
  }
  return null
}

/**
 * Runs, and turns a failure into advice.
 * @param {string} what
 * @param {string} advice
 * @param {() => Promise<string>} action
 */
export async function orAdvise(what, advice, action) {
  try {
    return await action()
  } catch (error) {
    throw new SetupError(`${what}: ${error instanceof Error ? error.message : String(error)}`, advice)
  }
}
