import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryHome } from '../testing/fixtures'
import { beginSession } from './sessions'

// Larger than any process id that Linux gives.
const deadProcess = 2 ** 22 + 1

test('a session is alive until it ends', () => {
  const home = temporaryHome()
  const first = beginSession(home)
  const second = beginSession(home)
  expect(first.uncleanExit).toBe(false)
  expect(second.uncleanExit).toBe(false)
  expect(second.isAlive(first.id)).toBe(true)
  first.end()
  expect(second.isAlive(first.id)).toBe(false)
})

test('a marker whose process is gone tells of an unclean exit, once', () => {
  const home = temporaryHome()
  mkdirSync(join(home, 'sessions'))
  writeFileSync(join(home, 'sessions', `${deadProcess}-crashed`), '')
  const session = beginSession(home)
  expect(session.uncleanExit).toBe(true)
  expect(session.isAlive('crashed')).toBe(false)
  session.clearDead()
  session.end()
  expect(readdirSync(join(home, 'sessions'))).toEqual([])
  expect(beginSession(home).uncleanExit).toBe(false)
})
