import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { cachedFolder } from './cache.mjs'
import { fetchInto } from './download.mjs'
import { fileIntegrity } from './integrity.mjs'
import { Progress } from './progress.mjs'

let cache = ''
/** @type {{ integrity: string, bytes: number }} */
let pin = { integrity: '', bytes: 0 }
/** @type {string[]} */
let lines = []
const progress = new Progress(/** @type {any} */ ({ write: (/** @type {string} */ line) => lines.push(line.trim()) }))

beforeEach(async () => {
  cache = mkdtempSync(join(tmpdir(), 'convscope-'))
  vi.stubEnv('CONVSCOPE_CACHE', cache)
  lines = []
  const sample = join(cache, 'sample')
  writeFileSync(sample, 'whole')
  pin = { integrity: await fileIntegrity(sample, 'sha512'), bytes: 5 }
})
afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(cache, { recursive: true })
})

/** @param {string} text what the fetched file holds */
function fetcher(text) {
  return vi.fn((/** @type {string} */ folder) => {
    writeFileSync(join(folder, 'name-of-the-client.tgz'), text)
    return Promise.resolve()
  })
}

test('a verified file gets its own name, and nothing else stays', async () => {
  const path = await fetchInto('a.tgz', pin, 'download a', progress, fetcher('whole'))
  expect(path).toBe(join(cache, 'downloads', 'a.tgz'))
  expect(readdirSync(join(cache, 'downloads'))).toEqual(['a.tgz'])
})

test('a finished download is not fetched again', async () => {
  await fetchInto('a.tgz', pin, 'download a', progress, fetcher('whole'))
  const again = fetcher('whole')
  await fetchInto('a.tgz', pin, 'download a', progress, again)
  expect(again).not.toHaveBeenCalled()
})

test('an interrupted download leaves no file under the final name, and the next run starts clean', async () => {
  const interrupted = fetchInto('a.tgz', pin, 'download a', progress, (folder) => {
    writeFileSync(join(folder, 'half.tgz'), 'who')
    return Promise.reject(new Error('interrupted'))
  })
  await expect(interrupted).rejects.toThrow('interrupted')
  expect(existsSync(join(cache, 'downloads', 'a.tgz'))).toBe(false)
  await fetchInto('a.tgz', pin, 'download a', progress, fetcher('whole'))
  expect(readdirSync(join(cache, 'downloads'))).toEqual(['a.tgz'])
})

test('a download that differs from its pin is refused', async () => {
  await expect(fetchInto('a.tgz', pin, 'download a', progress, fetcher('wrong'))).rejects.toThrow(/not the file/)
  expect(existsSync(join(cache, 'downloads', 'a.tgz'))).toBe(false)
})

test('a file that was damaged in the cache is fetched anew', async () => {
  mkdirSync(join(cache, 'downloads'))
  writeFileSync(join(cache, 'downloads', 'a.tgz'), 'whale')
  await fetchInto('a.tgz', pin, 'download a', progress, fetcher('whole'))
  expect(lines.join('\n')).toContain('fetched anew')
})

test('a cached folder is whole or absent', async () => {
  const failing = cachedFolder('part/1', (folder) => {
    writeFileSync(join(folder, 'half'), '')
    return Promise.reject(new Error('full disk'))
  })
  await expect(failing).rejects.toThrow('full disk')
  expect(existsSync(join(cache, 'part', '1'))).toBe(false)
  const folder = await cachedFolder('part/1', (partial) => Promise.resolve(writeFileSync(join(partial, 'all'), '')))
  expect(readdirSync(folder)).toEqual(['all'])
})
