import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { createInterface } from 'node:readline'
import { cliPath } from '../lib/build.mjs'
import { readResult } from './compare.mjs'
import { trainFlags } from './settings.mjs'

/** @typedef {{ home: string, network: string, optimizer: string, seed: number }} Run */

/** Trains from beginning to end. @param {Run} run */
export async function wholeRun(run) {
  const { code, last } = await start(run.home, trainFlags(run), null)
  if (code !== 0) throw new Error(`the undisturbed run ended with code ${code}: ${JSON.stringify(last)}`)
  return { result: await readResult(run.home, (args) => start(run.home, args, null)) }
}

/**
 * Trains with a kill at a random moment, then another, until it finished.
 * @param {Run & { randomSeed: string }} run
 */
export async function tornRun({ randomSeed, ...run }) {
  const moments = []
  let begun = false
  for (let attempt = 0; ; attempt++) {
    const args = begun ? ['resume', 'last'] : trainFlags(run)
    const moment = random(randomSeed, attempt)
    const { code, killedAt, last, created } = await start(run.home, args, moment)
    begun ||= created
    if (killedAt !== null) moments.push(killedAt)
    else if (code === 0) break
    // The kill before came after its very end.
    else if (begun && (await isFinished(run.home))) break
    else throw new Error(`the run ended by itself with code ${code}: ${JSON.stringify(last)}`)
  }
  const result = await readResult(run.home, (args) => start(run.home, args, null))
  return { kills: moments.length, moments, result }
}

/** @param {string} home */
async function isFinished(home) {
  const { objects } = await start(home, ['show', 'last'], null)
  return objects.some(({ type, state }) => type === 'run' && state.type === 'finished')
}

/** In [0, 1), from a seed. @param {string} seed @param {number} index */
function random(seed, index) {
  return createHash('sha256').update(`${seed}/${index}`).digest().readUInt32LE() / 2 ** 32
}

/**
 * Runs the command line program in a home of its own. `moment` in [0, 1) says when it is killed: a tenth of all kills come
 * while it still starts, the others within the first 600 ms of training.
 * @param {string} home @param {readonly string[]} args @param {number | null} moment
 * @returns {Promise<{ code: number | null, killedAt: string | null, last: any, created: boolean, objects: any[] }>}
 */
function start(home, args, moment) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [cliPath, '--json', ...args], {
      env: { ...process.env, CONVSCOPE_HOME: home, TF_CPP_MIN_LOG_LEVEL: '2' },
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    /** @type {any[]} */
    const objects = []
    /** @type {string | null} */
    let killedAt = null
    let step = 0
    function kill() {
      killedAt = step === 0 ? 'start' : `≥${step}`
      child.kill('SIGKILL')
    }
    const early = moment !== null && moment < 0.1 ? setTimeout(kill, moment * 12_000) : null
    /** @type {NodeJS.Timeout | null} */
    let late = null
    createInterface({ input: child.stdout }).on('line', (line) => {
      const object = JSON.parse(line)
      objects.push(object)
      if (object.type === 'progress') step = object.step
      if (object.type === 'started') {
        step = object.from?.step ?? 0
        if (moment !== null && moment >= 0.1) late = setTimeout(kill, ((moment - 0.1) / 0.9) * 600)
      }
    })
    child.on('close', (code, signal) => {
      for (const timer of [early, late]) if (timer) clearTimeout(timer)
      const created = objects.some(({ type }) => type === 'run')
      resolve({
        code,
        killedAt: signal === 'SIGKILL' ? (killedAt ?? 'start') : null,
        last: objects.at(-1),
        created,
        objects,
      })
    })
  })
}
