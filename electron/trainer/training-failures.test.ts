import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { AppError } from '../../shared/errors'
import { diskFiles, type RunFiles } from '../run-folder/files'
import { readJournal } from '../run-folder/journal'
import { findCheckpoint } from '../run-folder/read-checkpoint'
import type { Engine } from './engines/engine'
import { createFakeEngine } from './testing/fake-engine'
import { eventsOf, runTiny } from './testing/run-tiny'
import { startCommand, tinyDataset } from './testing/tiny'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'convscope-run-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

describe('a run fails clearly', () => {
  it.each([NaN, Infinity])('where the loss becomes %d, and saves nothing of it', async (loss) => {
    const engine = createFakeEngine((step) => (step === 6 ? loss : undefined))
    const { events, last } = await runTiny(startCommand(folder), engine)
    expect(last.type === 'failed' && last.error).toMatchObject({
      kind: 'not-a-number',
      message: `The loss became ${loss} at step 6, in epoch 2. The last good weights are epoch-0001/weights.safetensors.`,
      params: { step: 6, epoch: 2 },
    })
    expect(readdirSync(folder).sort()).toEqual(['epoch-0000', 'epoch-0001', 'journal'])
    expect(eventsOf(events, 'progress').at(-1)?.steps.at(-1)).toMatchObject({ step: 6, loss })
    expect(engine.disposed).toBe(1)
  })

  it('where weights are not finite although the loss is', async () => {
    const engine = createFakeEngine()
    const spoilt: Engine = {
      ...engine,
      async compile(job) {
        const compiled = await engine.compile(job)
        return {
          ...compiled,
          getWeights: () => new Map([...compiled.getWeights()].map(([name, weight]) => [name, spoil(name, weight)])),
        }
      },
    }
    const { last } = await runTiny(startCommand(folder), spoilt)
    expect(last.type === 'failed' && last.error.message).toBe(
      'The weight fc1.bias became Infinity at step 4, in epoch 1. No weights were saved before. ' +
        'The weight fc1.bias of fc1 (Linear) is the first that is not finite.',
    )
    expect(readdirSync(folder)).toEqual(['epoch-0000'])
  })

  it('where the engine throws in a step', async () => {
    const engine = createFakeEngine(() => {
      throw new AppError('engine-failed', 'The session broke.')
    })
    const { last } = await runTiny(startCommand(folder), engine)
    expect(last).toMatchObject({ type: 'failed', error: { kind: 'engine-failed', message: 'The session broke.' } })
    expect(engine.disposed).toBe(1)
  })

  it('where memory runs out', async () => {
    const engine = createFakeEngine(() => {
      throw new RangeError('Array buffer allocation failed')
    })
    const { last } = await runTiny(startCommand(folder), engine)
    expect(last).toMatchObject({ type: 'failed', error: { kind: 'out-of-memory' } })
  })

  it('where the pictures do not fit the network', async () => {
    const dataset = tinyDataset()
    const other = { ...dataset, info: { ...dataset.info, shape: [28, 28, 1] as const } }
    const { events, last } = await runTiny(startCommand(folder), createFakeEngine(), { dataset: other })
    expect(last).toMatchObject({ type: 'failed', error: { kind: 'invalid-network' } })
    expect(events).toEqual([last])
  })

  it('where the starting weights are missing', async () => {
    const command = { ...startCommand(folder), initialWeights: join(folder, 'none.safetensors') }
    const { last } = await runTiny(command, createFakeEngine())
    expect(last).toMatchObject({ type: 'failed', error: { kind: 'not-found' } })
    expect(last.type === 'failed' && last.error.message).toContain('none.safetensors')
  })
})

function spoil(name: string, { shape, values }: { shape: readonly number[]; values: Float32Array }) {
  return { shape, values: name === 'fc1.bias' ? values.map((v, index) => (index === 1 ? Infinity : v)) : values }
}

describe('a full disk', () => {
  /** Writes fail from the `first` on until `free` is called. */
  function fillingDisk(first: number) {
    let [writes, full] = [0, true]
    function check(): void {
      if (++writes > first && full) throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' })
    }
    const files: RunFiles = {
      ...diskFiles,
      write(path, bytes) {
        check()
        diskFiles.write(path, bytes)
      },
      writeTail(path, offset, bytes) {
        check()
        diskFiles.writeTail(path, offset, bytes)
      },
    }
    return { files, free: () => void (full = false) }
  }

  it.each([8, 9, 10, 12, 14])(
    'pauses the run, which goes on when there is room and loses nothing (write %i)',
    async (first) => {
      const disk = fillingDisk(first)
      const { events, last } = await runTiny(startCommand(folder, { epochs: 3 }), createFakeEngine(), {
        files: disk.files,
        retryMs: 5,
        onEvent: (event) => void (event.type === 'paused' && setTimeout(disk.free, 20)),
      })
      const [paused, ...others] = eventsOf(events, 'paused')
      expect(paused?.reason).toMatchObject({ kind: 'disk-full' })
      expect(paused?.reason?.message).toContain('Training waits for room on the disk.')
      expect(others).toHaveLength(0)
      expect(eventsOf(events, 'resumed')).toHaveLength(1)
      expect(last).toMatchObject({ type: 'finished', checkpoint: 'epoch-0003/weights.safetensors' })
      expect(eventsOf(events, 'epoch')).toHaveLength(3)
      const { steps, epochs } = readJournal(folder)
      expect(steps).toEqual(eventsOf(events, 'progress').flatMap((event) => event.steps))
      expect(epochs).toEqual(eventsOf(events, 'epoch').map(({ result }) => result))
    },
  )

  it('lets the run be stopped, with the checkpoints before', async () => {
    const { files } = fillingDisk(10)
    const { last } = await runTiny(startCommand(folder, { epochs: 3 }), createFakeEngine(), {
      files,
      retryMs: 5,
      onEvent: (event, control) => void (event.type === 'paused' && control.stop()),
    })
    expect(last).toEqual({ type: 'stopped' })
    expect(findCheckpoint(folder).checkpoint?.position).toEqual({ epoch: 1, step: 4, stepInEpoch: 0 })
  })
})
