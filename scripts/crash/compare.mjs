import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * What a run left: the newest weights and optimizer slots, every step, every epoch and the test, as stored in the database.
 * @typedef {{ files: Record<string, string>, steps: string[], epochs: string[], test: string, state: string }} Result
 */

/**
 * @param {string} home
 * @param {(args: string[]) => Promise<{ objects: any[] }>} convscope
 * @returns {Promise<Result>}
 */
export async function readResult(home, convscope) {
  const { objects } = await convscope(['show', 'last', '--steps'])
  const run = objects.find(({ type }) => type === 'run')
  const folder = join(home, 'runs', run.id)
  const newest = readdirSync(folder)
    .filter((name) => /^epoch-\d+$/.test(name))
    .sort()
    .at(-1)
  const files = ['weights.safetensors', 'optimizer.safetensors'].map((name) => [
    name,
    createHash('sha256')
      .update(readFileSync(join(folder, newest ?? '', name)))
      .digest('hex'),
  ])
  return {
    files: Object.fromEntries(files),
    steps: objects
      .filter(({ type }) => type === 'step')
      .map(({ step, loss, learningRate }) => `${step} ${loss} ${learningRate}`),
    epochs: run.epochs.map((/** @type {any} */ { epoch, train, validation, learningRate }) =>
      JSON.stringify({ epoch, train, validation, learningRate }),
    ),
    test: JSON.stringify(run.state.test),
    state: run.state.type,
  }
}

/**
 * In words; none where both are the same, bit for bit.
 * @param {Result} whole @param {Result} torn
 */
export function differences(whole, torn) {
  const found = []
  for (const name of Object.keys(whole.files)) if (whole.files[name] !== torn.files[name]) found.push(`${name} differs`)
  for (const what of /** @type {const} */ (['steps', 'epochs'])) {
    const [a, b] = [whole[what], torn[what]]
    if (a.length !== b.length) found.push(`${b.length} ${what} in place of ${a.length}`)
    const at = a.findIndex((line, index) => line !== b[index])
    if (at >= 0) found.push(`${what} differ from number ${at + 1} on: ${a[at]} became ${b[at]}`)
  }
  if (whole.test !== torn.test) found.push(`the test differs: ${whole.test} became ${torn.test}`)
  if (torn.state !== 'finished') found.push(`it ended as ${torn.state}`)
  return found
}
