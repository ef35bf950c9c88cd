import { expect, test, vi } from 'vitest'
import { AppError } from '../../../shared/errors'
import type { CallName } from '../../../shared/ipc/contract'
import { calls } from '../../../shared/ipc/contract'
import { answer, serve, type Handlers, type Sender } from './serve'

const { handle } = vi.hoisted(() => ({ handle: vi.fn() }))
vi.mock('electron', () => ({ ipcMain: { handle } }))

const id = '7f4c1f3e-5c5a-4e2c-9d43-0e9f1b8c2a11'
const page: Sender = { senderFrame: { url: 'app://convscope/index.html', parent: null } }

function setUp(change: Partial<Handlers> = {}) {
  // Calls that a test does not expect fail loudly.
  const unexpected = Object.fromEntries(
    Object.keys(calls).map((name) => [name, () => Promise.reject(new Error(`unexpected ${name}`))]),
  ) as unknown as Handlers
  const log = vi.fn()
  return {
    handlers: { ...unexpected, ...change },
    isOwnPage: (url: string) => url.startsWith('app://convscope/'),
    log,
  }
}

test('each call of the contract is registered once', () => {
  serve(setUp())
  const names = handle.mock.calls.map(([channel]) => String(channel))
  expect(names.sort()).toEqual((Object.keys(calls) as CallName[]).map((name) => `call:${name}`).sort())
})

test('a handler gets the parsed input', async () => {
  const rename = vi.fn(() => Promise.reject(new Error('enough')))
  await answer(setUp({ 'runs.rename': rename }), 'runs.rename', page, { id, name: 'A' })
  expect(rename).toHaveBeenCalledWith({ id, name: 'A' })
})

test('its answer is wrapped', async () => {
  const reply = await answer(setUp({ 'runs.list': () => [] }), 'runs.list', page, undefined)
  expect(reply).toEqual({ ok: true, value: [] })
})

test.each([
  ['runs.rename', { id, name: '' }, 'name'],
  ['runs.rename', { id: 'x', name: 'a' }, 'id'],
  ['datasets.samples', { id: 'mnist', split: 'train', offset: 0, count: 5000 }, 'count'],
  ['runs.list', { more: 1 }, 'input'],
  ['settings.set', null, 'input'],
] as const)('%s with %j is refused, naming %s', async (name, input, field) => {
  const reply = await answer(setUp(), name, page, input)
  expect(reply).toMatchObject({ ok: false, error: { kind: 'invalid-input', params: { field } } })
})

test.each([
  ['another page', { senderFrame: { url: 'https://example.com/', parent: null } }],
  ['a page that only begins like ours', { senderFrame: { url: 'app://convscope.evil/', parent: null } }],
  ['a frame within our page', { senderFrame: { url: 'app://convscope/index.html', parent: {} } }],
  ['a frame that is gone', { senderFrame: null }],
] satisfies [string, Sender][])('%s is refused', async (_who, sender) => {
  const list = vi.fn(() => [])
  const reply = await answer(setUp({ 'runs.list': list }), 'runs.list', sender, undefined)
  expect(reply).toMatchObject({ ok: false, error: { kind: 'permission-denied' } })
  expect(list).not.toHaveBeenCalled()
})

test('what a handler throws becomes a plain error, and is logged', async () => {
  const options = setUp({
    'runs.list': () => {
      throw new AppError('database-locked', 'held', { fix: 'wait' })
    },
  })
  const reply = await answer(options, 'runs.list', page, undefined)
  expect(reply).toEqual({ ok: false, error: { kind: 'database-locked', message: 'held', fix: 'wait', params: {} } })
  expect(options.log).toHaveBeenCalledWith(expect.stringContaining('database-locked'))
})
