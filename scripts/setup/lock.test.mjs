import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { takeLock } from './lock.mjs'

let folder = ''
let path = ''

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'convscope-'))
  path = join(folder, 'below', 'setup.lock')
})
afterEach(() => rmSync(folder, { recursive: true }))

test('the lock names its owner, and is gone after release', async () => {
  const release = await takeLock(path)
  expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual({ pid: process.pid, host: hostname() })
  release()
  expect(existsSync(path)).toBe(false)
})

test('the second one waits for the first', async () => {
  const release = await takeLock(path)
  /** @type {string[]} */
  const order = []
  const second = takeLock(path, { poll: 5, onWait: (owner) => order.push(`waits for ${owner}`) }).then(
    (releaseSecond) => {
      order.push('second')
      releaseSecond()
    },
  )
  await new Promise((resolve) => setTimeout(resolve, 30))
  order.push('first is done')
  release()
  await second
  expect(order).toEqual([`waits for ${process.pid}`, 'first is done', 'second'])
})

test('the lock of a process that has ended is taken over', async () => {
  const { pid } = spawnSync(process.execPath, ['-e', ''])
  ;(await takeLock(path))()
  writeFileSync(path, JSON.stringify({ pid, host: hostname() }))
  const release = await takeLock(path, { poll: 5 })
  expect(JSON.parse(readFileSync(path, 'utf8'))).toHaveProperty('pid', process.pid)
  release()
})

test('a lock of another machine is taken over when it has been silent for long', async () => {
  ;(await takeLock(path))()
  writeFileSync(path, JSON.stringify({ pid: 1, host: 'elsewhere' }))
  utimesSync(path, new Date(0), new Date(0))
  ;(await takeLock(path, { poll: 5 }))()
  expect(existsSync(path)).toBe(false)
})
