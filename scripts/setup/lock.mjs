import { mkdirSync, openSync, closeSync, readFileSync, rmSync, statSync, utimesSync, writeSync } from 'node:fs'
import { hostname } from 'node:os'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

// Longer than any pause of the event loop here, shorter than a person's patience.
const silentAfter = 30_000
const beat = 2_000

/**
 * Takes the lock file, waiting while another set-up holds it. A lock whose owner is gone is taken over.
 * @param {string} path
 * @param {{ onWait?: (owner: number) => void, poll?: number, silent?: number }} [options] times in milliseconds
 * @returns {Promise<() => void>} releases the lock
 */
export async function takeLock(path, { onWait, poll = 300, silent = silentAfter } = {}) {
  mkdirSync(dirname(path), { recursive: true })
  let told = false
  let tookOver = false
  for (;;) {
    if (create(path)) {
      if (!tookOver) break
      // Somebody else may have judged the same old lock, and removed ours in its place.
      await sleep(50)
      if (readOwner(path)?.pid === process.pid) break
      continue
    }
    const owner = readOwner(path)
    if (isStale(path, owner, silent)) {
      rmSync(path, { force: true })
      tookOver = true
      continue
    }
    if (!told) onWait?.(owner?.pid ?? 0)
    told = true
    await sleep(poll)
  }
  const timer = setInterval(() => touch(path), beat)
  timer.unref()
  return function release() {
    clearInterval(timer)
    if (readOwner(path)?.pid === process.pid) rmSync(path, { force: true })
  }
}

/** @param {string} path */
function create(path) {
  try {
    const file = openSync(path, 'wx')
    writeSync(file, JSON.stringify({ pid: process.pid, host: hostname() }))
    closeSync(file)
    return true
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'EEXIST') return false
    throw error
  }
}

/**
 * @param {string} path
 * @returns {{ pid: number, host: string } | null}
 */
function readOwner(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    return null
  }
}

/**
 * @param {string} path
 * @param {{ pid: number, host: string } | null} owner
 * @param {number} silent
 */
function isStale(path, owner, silent) {
  const age = Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0)
  if (age > silent) return true
  return owner !== null && owner.host === hostname() && !isAlive(owner.pid)
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM'
  }
}

/** @param {string} path */
function touch(path) {
  try {
    utimesSync(path, new Date(), new Date())
  } catch {
    // Somebody removed the cache folder; the work itself will notice.
  }
}
