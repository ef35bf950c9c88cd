import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { cachedFolder } from '../cache.mjs'
import { largestFile } from '../download.mjs'
import { orAdvise, run } from '../run.mjs'

/** @typedef {import('../progress.mjs').Progress} Progress */

/**
 * Runs pip in a virtual environment, with the user's own settings.
 * @param {string} python of the environment
 * @param {readonly string[]} args
 * @param {import('../run.mjs').RunOptions} [options]
 */
export function pip(python, args, options) {
  return run(python, ['-m', 'pip', ...args, '--disable-pip-version-check', '--no-input'], options)
}

/**
 * Downloads wheels without what they depend on.
 * @param {string} python of a virtual environment
 * @param {string} folder below the cache
 * @param {readonly string[]} args what to fetch
 * @param {string} text
 * @param {Progress} progress
 * @returns {Promise<string>} the folder that holds nothing but the wheels
 */
export function fetchWheels(python, folder, args, text, progress) {
  return cachedFolder(folder, async (partial) => {
    progress.step(text)
    const began = Date.now()
    const temporary = join(partial, 'temporary')
    mkdirSync(temporary)
    function onTick() {
      const megabytes = Math.round(largestFile(partial) / 1e6)
      const seconds = Math.round((Date.now() - began) / 1000)
      progress.passing(`${text}  ${megabytes} MB  ${seconds} s`)
    }
    const how = ['--no-deps', '--only-binary=:all:', '--no-cache-dir', '--progress-bar', 'off', '--dest', partial]
    await orAdvise(
      `pip could not ${text}`,
      'Check the network and the index setting (python3 -m pip config list), then run the command again.',
      () => pip(python, ['download', ...how, ...args], { env: { TMPDIR: temporary, TEMP: temporary }, onTick }),
    )
    rmSync(temporary, { recursive: true })
  })
}
