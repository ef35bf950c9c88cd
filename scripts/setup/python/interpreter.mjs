import { installDebian } from '../debian.mjs'
import { SetupError } from '../errors.mjs'
import { pins } from '../pins.mjs'
import { findCommand, run } from '../run.mjs'

/**
 * @typedef {object} Interpreter
 * @property {string} path of the program itself, not of a link or a virtual environment's copy
 * @property {number} minor 11 in Python 3.11
 * @property {boolean} hasVenv whether it can make virtual environments with pip; Debian keeps that in a package of its own
 */

const { oldest, newest } = pins.python
const question = `
import importlib.util, os, sys
has_venv = all(importlib.util.find_spec(name) for name in ("venv", "ensurepip"))
base = getattr(sys, "_base_executable", sys.executable)
print("python", sys.version_info[0], sys.version_info[1], int(has_venv), os.path.realpath(base))
`

/**
 * A Python 3 that PyTorch has wheels for and that makes virtual environments; installed where that is missing on Debian.
 * @param {import('../progress.mjs').Progress} progress
 * @returns {Promise<Interpreter>}
 */
export async function requireInterpreter(progress) {
  const why = `PyTorch and Keras take Python 3.${oldest} to 3.${newest} with venv and pip, and there is none`
  const before = await listInterpreters()
  const usable = before.find((interpreter) => interpreter.hasVenv)
  if (usable) return usable
  if (process.platform !== 'linux') {
    throw new SetupError(why, `Install Python 3.${newest} from python.org, then run the command again.`)
  }
  await installDebian([debianPackage(before)], why, progress)
  const installed = (await listInterpreters()).find((interpreter) => interpreter.hasVenv)
  if (!installed) {
    throw new SetupError(why, `Install Python 3.${oldest} or newer with its venv module, then run the command again.`)
  }
  return installed
}

/** @param {readonly Interpreter[]} found that lack venv */
function debianPackage([found]) {
  if (found) return `python3.${found.minor}-venv`
  // A python3 that is too old: some releases have a newer one beside it.
  return findCommand('python3') ? `python3.${oldest}-venv` : 'python3-venv'
}

/** The Pythons on the PATH that are neither too old nor too new; the one called python3 first. */
async function listInterpreters() {
  const names = ['python3', 'python']
  for (let minor = newest; minor >= oldest; minor--) names.push(`python3.${minor}`)
  /** @type {Interpreter[]} */
  const found = []
  for (const name of names) {
    const interpreter = findCommand(name) ? await ask(name) : null
    if (interpreter && interpreter.minor >= oldest && interpreter.minor <= newest) found.push(interpreter)
  }
  return found
}

/**
 * @param {string} command
 * @returns {Promise<Interpreter | null>} null where it does not start: version managers and Windows have such commands
 */
async function ask(command) {
  try {
    const output = await run(command, ['-c', question], { timeout: 60_000 })
    const [, major, minor, hasVenv, path] = /^python (\d+) (\d+) (\d) (.+?)\r?$/m.exec(output) ?? []
    return major === '3' && path ? { path, minor: Number(minor), hasVenv: hasVenv === '1' } : null
  } catch {
    return null
  }
}
