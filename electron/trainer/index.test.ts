import { EventEmitter } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { constants, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { TrainerEvent } from '../../shared/training/messages'
import { startCommand } from './testing/tiny'

/** Electron's port to the main process. */
class FakePort extends EventEmitter {
  readonly said: TrainerEvent[] = []
  postMessage(event: TrainerEvent): void {
    this.said.push(event)
  }
  tell(data: unknown): void {
    this.emit('message', { data, ports: [] })
  }
}

const priorities: (number | undefined)[] = []
// The tests themselves go on at their own priority.
vi.mock('node:os', async (load) => ({
  ...(await load<object>()),
  setPriority: (_id: number, priority: number) => void priorities.push(priority),
}))

let port: FakePort
let exit: ReturnType<typeof vi.fn>
let folder: string
const before = {
  exceptions: process.listeners('uncaughtException'),
  rejections: process.listeners('unhandledRejection'),
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'convscope-trainer-'))
  port = new FakePort()
  exit = vi.fn()
  vi.spyOn(process, 'exit').mockImplementation(exit as unknown as typeof process.exit)
  vi.spyOn(console, 'error').mockImplementation(() => undefined)
  Object.defineProperty(process, 'parentPort', { value: port, configurable: true })
  vi.resetModules()
  await import('./index')
})
afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
  vi.restoreAllMocks()
  Reflect.deleteProperty(process, 'parentPort')
  for (const name of ['uncaughtException', 'unhandledRejection'] as const) process.removeAllListeners(name)
  before.exceptions.forEach((listener) => process.on('uncaughtException', listener))
  before.rejections.forEach((listener) => process.on('unhandledRejection', listener))
})

describe("the trainer's process", () => {
  it('runs one run, says how it ended, and leaves', async () => {
    // Its data are missing.
    port.tell({ ...startCommand(folder), dataFolders: { mnist: join(folder, 'none') } })
    await vi.waitFor(() => expect(exit).toHaveBeenCalledWith(1))
    expect(port.said).toMatchObject([{ type: 'failed', error: { kind: 'data-missing' } }])
  })

  it('looks into a network until it is ended, behind all other processes', async () => {
    const { document, config } = startCommand(folder)
    port.tell({ type: 'look', document, config, dataFolder: null })
    const query = { type: 'kernels', layer: 'conv1' }
    port.tell({ type: 'ask', request: 'a', weights: { type: 'initial' }, query })
    await vi.waitFor(() =>
      expect(port.said).toMatchObject([{ type: 'answered', request: 'a', answer: { layer: 'conv1' } }]),
    )
    expect(priorities).toContain(constants.priority.PRIORITY_LOW)
    expect(() => port.tell({ type: 'look', document, config, dataFolder: null })).toThrow('twice')
    expect(exit).not.toHaveBeenCalled()
  })

  it('says what it did not foresee before it leaves', async () => {
    process.listeners('unhandledRejection').at(-1)?.(new Error('out of the blue'), Promise.resolve())
    await vi.waitFor(() => expect(exit).toHaveBeenCalledWith(1))
    expect(port.said).toMatchObject([{ type: 'failed', error: { kind: 'internal', message: 'out of the blue' } }])
  })

  it('refuses messages that it does not know', () => {
    expect(() => port.tell({ type: 'fly' })).toThrow()
    expect(() => port.tell({ type: 'pause' })).not.toThrow()
  })
})
