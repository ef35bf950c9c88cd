import { beforeEach, describe, expect, it } from 'vitest'
import { AppError } from '../../shared/errors'
import { runConfigSchema } from '../../shared/training/config'
import type { FakeBridge } from '../testing/fake-bridge'
import { useFakeBridge } from '../testing/mount-window'
import { referenceNetwork, sampleEpoch, sampleRun } from '../testing/samples'
import { useRuns } from './runs'
import { useToasts } from './toasts'

let bridge: FakeBridge
let runs: ReturnType<typeof useRuns>

beforeEach(() => {
  bridge = useFakeBridge()
  runs = useRuns()
  runs.follow()
})

function calls(name: string): unknown[] {
  return bridge.log.filter((call) => call.name === name).map((call) => call.input)
}

describe('the list', () => {
  it('holds past runs, newest first, and finds the active one', async () => {
    const old = sampleRun({ createdAt: 1, state: { type: 'stopped' } })
    const now = sampleRun({ createdAt: 2 })
    bridge.answers['runs.list'] = () => [old, now]
    await runs.load()
    expect(runs.all.map((run) => run.id)).toEqual([now.id, old.id])
    expect(runs.active?.id).toBe(now.id)
  })

  it('says why it cannot be read', async () => {
    bridge.answers['runs.list'] = () => {
      throw new AppError('database-locked', 'held by 4711')
    }
    await runs.load()
    expect(runs.status).toBe('failed')
    expect(runs.error?.kind).toBe('database-locked')
  })

  it('follows what main tells', () => {
    const run = sampleRun()
    bridge.emit('run.changed', run)
    bridge.emit('run.epoch', { id: run.id, result: sampleEpoch(1) })
    expect(runs.active?.lastEpoch?.epoch).toBe(1)
    bridge.emit('run.changed', { ...run, state: { type: 'stopped' } })
    expect(runs.active).toBeNull()
    expect(runs.live?.id).toBe(run.id)
    runs.selectedId = run.id
    bridge.emit('run.deleted', { id: run.id })
    expect(runs.all).toEqual([])
    expect(runs.selectedId).toBeNull()
  })

  it('shows that runs cannot be stored until they can', () => {
    bridge.emit('storage.problem', { error: { kind: 'disk-full', message: 'no space', fix: '', params: {} } })
    expect(runs.storageProblem?.kind).toBe('disk-full')
    bridge.emit('storage.problem', { error: null })
    expect(runs.storageProblem).toBeNull()
  })
})

describe('commands', () => {
  const config = runConfigSchema.parse({})

  it('starts one run at a time', async () => {
    const run = await runs.start(referenceNetwork(), config)
    expect(run).not.toBeNull()
    expect(await runs.start(referenceNetwork(), config)).toBeNull()
    expect(calls('runs.start')).toHaveLength(1)
  })

  it('reports a start that failed', async () => {
    bridge.answers['runs.start'] = () => {
      throw new AppError('data-missing', 'no mnist')
    }
    expect(await runs.start(referenceNetwork(), config)).toBeNull()
    expect(runs.starting).toBe(false)
    expect(useToasts().toasts).toHaveLength(1)
  })

  it('pauses what runs and resumes what is paused', async () => {
    const run = sampleRun()
    bridge.emit('run.changed', run)
    await runs.togglePause()
    expect(calls('runs.pause')).toEqual([{ id: run.id }])
    bridge.emit('run.changed', { ...run, state: { type: 'paused' } })
    await runs.togglePause()
    expect(calls('runs.resume')).toEqual([{ id: run.id }])
    await runs.stop()
    expect(calls('runs.stop')).toEqual([{ id: run.id }])
  })

  it('renames and removes', async () => {
    const run = sampleRun({ state: { type: 'stopped' } })
    bridge.emit('run.changed', run)
    await runs.rename(run.id, 'Better')
    expect(runs.summaries.get(run.id)?.name).toBe('Better')
    await runs.remove([run.id])
    expect(runs.summaries.has(run.id)).toBe(false)
  })

  it('keeps a run that could not be deleted', async () => {
    const run = sampleRun({ state: { type: 'stopped' } })
    bridge.emit('run.changed', run)
    bridge.answers['runs.delete'] = () => {
      throw new AppError('busy', 'still writing')
    }
    await runs.remove([run.id])
    expect(runs.summaries.has(run.id)).toBe(true)
  })
})
