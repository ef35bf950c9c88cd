import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import { isReachable } from './official.mjs'
import { findDifference } from './parts/npm.mjs'
import { missing } from './part.mjs'
import { cacheFolder } from './paths.mjs'
import { Progress } from './progress.mjs'
import { layTable, statusTable } from './table.mjs'

afterEach(() => {
  vi.unstubAllEnvs()
})

test('the cache folder follows the custom of each system, and the variable wins', () => {
  expect(cacheFolder({}, 'linux', '/home/a')).toBe('/home/a/.cache/convscope')
  expect(cacheFolder({ XDG_CACHE_HOME: '/x' }, 'linux', '/home/a')).toBe('/x/convscope')
  expect(cacheFolder({}, 'darwin', '/Users/a')).toBe('/Users/a/Library/Caches/Convscope')
  expect(cacheFolder({ LOCALAPPDATA: '/local' }, 'win32', '/a')).toBe('/local/Convscope/Cache')
  expect(cacheFolder({ CONVSCOPE_CACHE: '/c', XDG_CACHE_HOME: '/x' }, 'linux', '/home/a')).toBe('/c')
})

test('an installed package of another version is a difference; an optional one is not', () => {
  const wanted = {
    '': {},
    'node_modules/a': { version: '2.0.0' },
    'node_modules/b': { version: '1.0.0', optional: true },
  }
  expect(findDifference(wanted, { 'node_modules/a': { version: '2.0.0' } })).toBe(null)
  expect(findDifference(wanted, { 'node_modules/a': { version: '1.0.0' } })).toBe('node_modules/a')
  expect(findDifference(wanted, {})).toBe('node_modules/a')
})

test('columns are as wide as their widest cell', () => {
  expect(layTable(['a', 'bb'], [['long', 'x']])).toBe('a     bb\n----  --\nlong  x')
})

test('the table says what is missing and what for', () => {
  const part = {
    id: 'a',
    title: 'A',
    purpose: 'tests',
    check: () => Promise.resolve(missing),
    install: () => Promise.resolve(),
  }
  expect(statusTable([{ part, status: missing }])).toContain('A     -        missing (for tests)')
  const status = { present: true, version: '1.2', from: 'npm', path: '' }
  expect(statusTable([{ part, status }])).toMatch(/A +1\.2 +present +npm/)
})

test('a host that does not answer is asked again only after a day', async () => {
  const cache = mkdtempSync(join(tmpdir(), 'convscope-'))
  vi.stubEnv('CONVSCOPE_CACHE', cache)
  vi.stubEnv('HTTPS_PROXY', undefined)
  vi.stubEnv('https_proxy', undefined)
  const dial = vi.fn(() => Promise.resolve(false))
  expect(await isReachable('example.org', { now: 1000, dial })).toBe(false)
  expect(await isReachable('example.org', { now: 2000, dial })).toBe(false)
  expect(dial).toHaveBeenCalledTimes(1)
  dial.mockResolvedValue(true)
  expect(await isReachable('example.org', { now: 1000 + 25 * 3600_000, dial })).toBe(true)
  writeFileSync(join(cache, 'unreachable.json'), 'damaged')
  expect(await isReachable('example.org', { dial })).toBe(true)
  rmSync(cache, { recursive: true })
})

test('progress lines are rewritten on a terminal and rare elsewhere', () => {
  /** @type {string[]} */
  const written = []
  const write = (/** @type {string} */ text) => written.push(text)
  const terminal = new Progress(/** @type {any} */ ({ isTTY: true, write }))
  terminal.part('TensorFlow')
  terminal.bytes('download', 50e6, 200e6)
  terminal.bytes('download', 100e6, 200e6)
  terminal.step('done')
  expect(written).toEqual([
    'TensorFlow         download  50 of 200 MB  25 %',
    '\r\x1b[K',
    'TensorFlow         download  100 of 200 MB  50 %',
    '\r\x1b[K',
    'TensorFlow         done\n',
  ])
  written.length = 0
  const file = new Progress(/** @type {any} */ ({ isTTY: false, write }))
  file.step('download')
  file.bytes('download', 50e6, 200e6)
  expect(written).toHaveLength(1)
})
