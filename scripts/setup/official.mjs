import { mkdirSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { dirname, join } from 'node:path'
import { cacheFolder, readJson } from './paths.mjs'

const day = 24 * 3600_000
const patience = 5_000

/**
 * Whether a host that serves an official download answers. "No" is remembered for a day.
 * @param {string} host
 * @param {{ now?: number, dial?: (host: string) => Promise<boolean> }} [options]
 */
export async function isReachable(host, { now = Date.now(), dial = connects } = {}) {
  // Behind a proxy only the download itself can tell.
  if (process.env.HTTPS_PROXY ?? process.env.https_proxy) return true
  const path = join(cacheFolder(), 'unreachable.json')
  const known = readJson(path) ?? {}
  if (typeof known[host] === 'number' && now - known[host] < day) return false
  if (await dial(host)) return true
  remember(host, now)
  return false
}

/**
 * Notes that a host did not serve what it should, so that it is not asked again today.
 * @param {string} host
 * @param {number} [now]
 */
export function remember(host, now = Date.now()) {
  const path = join(cacheFolder(), 'unreachable.json')
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, JSON.stringify({ ...readJson(path), [host]: now }, null, 2))
}

/**
 * @param {string} host
 * @returns {Promise<boolean>}
 */
function connects(host) {
  return new Promise((resolve) => {
    const socket = connect({ host, port: 443 })
    /** @param {boolean} answer */
    function settle(answer) {
      socket.destroy()
      clearTimeout(timer)
      resolve(answer)
    }
    // A timer of our own: looking the name up can take longer than the socket's timeout.
    const timer = setTimeout(() => settle(false), patience)
    socket.on('connect', () => settle(true))
    socket.on('error', () => settle(false))
  })
}
