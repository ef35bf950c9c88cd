import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { optimizerSchema, optimizerTypes, type RunConfig, type ScheduleConfig } from '../../shared/training/config'
import { diskFiles, type RunFiles } from '../run-folder/files'
import { readJournal } from '../run-folder/journal'
import { findCheckpoint, listCheckpoints, readCheckpoint } from '../run-folder/read-checkpoint'
import { chooseEngine } from './engine-choice'
import { createFakeEngine } from './testing/fake-engine'
import { eventsOf, runTiny } from './testing/run-tiny'
import { startCommand } from './testing/tiny'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'convscope-resume-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** As SIGKILL between two operations on the disk: from the `last` one on, nothing reaches it any more. */
function killedAfter(last: number): RunFiles {
  let operations = 0
  function guard<Args extends unknown[], Value>(work: (...args: Args) => Value): (...args: Args) => Value {
    return (...args) => {
      if (++operations > last) throw new Error('killed')
      return work(...args)
    }
  }
  return {
    makeFolder: guard(diskFiles.makeFolder),
    write: guard(diskFiles.write),
    writeTail: guard(diskFiles.writeTail),
    syncFolder: guard(diskFiles.syncFolder),
    rename: guard(diskFiles.rename),
    remove: guard(diskFiles.remove),
    list: guard(diskFiles.list),
    read: guard(diskFiles.read),
  }
}

const schedules: Record<string, ScheduleConfig> = {
  cosine: { type: 'cosine', min_rate: 0 },
  step: { type: 'step', step_size: 1, gamma: 0.7 },
  'one-cycle': { type: 'one-cycle', pct_start: 0.3, div_factor: 25, final_div_factor: 1e4 },
  plateau: { type: 'plateau', factor: 0.5, patience: 0, threshold: 0.5, min_rate: 0 },
}

/** Everything that a run leaves: the newest state, and all metrics but the times they took. */
function leftBehind(runFolder: string) {
  const [newest = ''] = listCheckpoints(runFolder)
  const { position, loop, weights, optimizer } = readCheckpoint(join(runFolder, newest))
  const { steps, epochs, test } = readJournal(runFolder)
  const untimed = epochs.map(({ epoch, train, validation, learningRate }) => ({
    epoch,
    train,
    validation,
    learningRate,
  }))
  return { position, loop, weights, optimizer, steps, epochs: untimed, test }
}

const options: Partial<RunConfig> = { epochs: 3, learning_rate: 0.01, warmup_steps: 3 }

async function eager(name: string, config: Partial<RunConfig>, how: { files?: RunFiles; resume?: true }) {
  const command = { ...startCommand(join(folder, name), config), resume: how.resume ? ('exactly' as const) : null }
  let steps = 0
  const engine = await chooseEngine('eager')
  return runTiny(command, engine, {
    // A clock by steps, so that only what it measured differs, and nothing does.
    milliseconds: () => steps,
    ...(how.files ? { files: how.files } : {}),
    onEvent(event) {
      if (event.type === 'progress') steps = event.progress.step
    },
  })
}

describe('a run that goes on', () => {
  it.each(
    optimizerTypes.flatMap((type, at) =>
      Object.keys(schedules).map((name, i) => [type, name, 3 + 7 * (at + i)] as const),
    ),
  )(
    'ends bit for bit like an uninterrupted one (%s, %s, killed at operation %i)',
    async (type, schedule, operation) => {
      const config = {
        ...options,
        optimizer: optimizerSchema.parse({ type }),
        schedule: schedules[schedule] as ScheduleConfig,
        checkpoint: { every_steps: 2, every_seconds: null, keep_last: 2, keep_best: true, keep_epochs: true },
      }
      await eager('whole', config, {})
      await eager('torn', config, { files: killedAfter(operation) })
      const { events, last } = await eager('torn', config, { resume: true })
      expect(last.type).toBe('finished')
      expect(eventsOf(events, 'started')[0]?.notices).toEqual([])
      expect(leftBehind(join(folder, 'torn'))).toEqual(leftBehind(join(folder, 'whole')))
    },
  )

  it('is sound after a kill at every single operation on the disk', { timeout: 120_000 }, async () => {
    const config = {
      ...options,
      epochs: 2,
      checkpoint: { every_steps: 3, every_seconds: null, keep_last: 2, keep_best: true, keep_epochs: false },
    }
    const command = startCommand(join(folder, 'whole'), config)
    const whole = await runTiny(command, createFakeEngine())
    expect(whole.last.type).toBe('finished')
    const { steps, epochs, position } = leftBehind(join(folder, 'whole'))
    let killed = 0
    for (let operation = 0; ; operation++) {
      const runFolder = join(folder, `torn-${operation}`)
      const torn = await runTiny(startCommand(runFolder, config), createFakeEngine(), { files: killedAfter(operation) })
      if (torn.last.type === 'finished') break
      killed++
      const found = findCheckpoint(runFolder)
      expect(found.damaged).toEqual([])
      const from = found.checkpoint?.position ?? { epoch: 0, step: 0, stepInEpoch: 0 }
      const { events, last } = await runTiny(
        { ...startCommand(runFolder, config), resume: 'exactly' },
        createFakeEngine(),
      )
      expect(last.type).toBe('finished')
      expect(eventsOf(events, 'started')[0]?.from).toEqual(from)
      const after = leftBehind(runFolder)
      expect(after.position).toEqual(position)
      expect(after.steps.map(({ step }) => step)).toEqual(steps.map(({ step }) => step))
      expect(after.epochs.map(({ epoch }) => epoch)).toEqual(epochs.map(({ epoch }) => epoch))
      expect(readdirSync(runFolder).filter((name) => name.endsWith('.part'))).toEqual([])
    }
    expect(killed).toBeGreaterThan(60)
  })

  it('tells again only what is beyond its checkpoint', async () => {
    const config = { epochs: 2 }
    await runTiny(startCommand(folder, config), createFakeEngine(), {
      onEvent: (event, control) => void (event.type === 'epoch' && control.stop()),
    })
    const { events } = await runTiny({ ...startCommand(folder, config), resume: 'exactly' }, createFakeEngine())
    const from = eventsOf(events, 'started')[0]?.from
    expect(from).toEqual({ epoch: 1, step: 5, stepInEpoch: 1 })
    const told = eventsOf(events, 'progress').flatMap((event) => event.steps.map(({ step }) => step))
    expect(told[0]).toBe(6)
    expect(told.at(-1)).toBe(8)
    expect(eventsOf(events, 'epoch').map(({ result }) => result.epoch)).toEqual([2])
  })

  it('starts anew from its first weights where it never came to a checkpoint', async () => {
    await eager('whole', options, {})
    await eager('torn', options, { files: killedAfter(9) })
    expect(listCheckpoints(join(folder, 'torn'))).toEqual([])
    await eager('torn', options, { resume: true })
    expect(leftBehind(join(folder, 'torn'))).toEqual(leftBehind(join(folder, 'whole')))
  })

  it.each([
    ['a truncated file', (path: string) => truncateSync(join(path, 'weights.safetensors'), 100)],
    ['a flipped bit in the weights', (path: string) => flip(join(path, 'weights.safetensors'))],
    ['a flipped bit in the slots', (path: string) => flip(join(path, 'optimizer.safetensors'))],
    ['a flipped bit in the description', (path: string) => flip(join(path, 'checkpoint.json'))],
    ['lost sums', (path: string) => rmSync(join(path, 'checkpoint.sha256'))],
    ['an empty description', (path: string) => writeFileSync(join(path, 'checkpoint.json'), '')],
  ])('falls back to the checkpoint before a damaged one, and says so (%s)', async (_what, damage) => {
    const runFolder = join(folder, 'run')
    await eager('whole', options, {})
    await eager('run', options, {})
    const [newest = '', before = ''] = listCheckpoints(runFolder)
    damage(join(runFolder, newest))
    const { events, last } = await eager('run', options, { resume: true })
    const [started] = eventsOf(events, 'started')
    expect(started?.notices).toMatchObject([{ kind: 'data-corrupt' }])
    expect(started?.notices[0]?.message).toContain(newest)
    expect(started?.from).toEqual({ epoch: 2, step: 8, stepInEpoch: 0 })
    expect(before).toBe('epoch-0002')
    expect(last.type).toBe('finished')
    expect(leftBehind(runFolder)).toEqual(leftBehind(join(folder, 'whole')))
  })

  it('goes on for more epochs after its end', async () => {
    await eager('whole', { ...options, epochs: 5 }, {})
    await eager('run', options, {})
    const command = { ...startCommand(join(folder, 'run'), { ...options, epochs: 5 }), resume: 'further' as const }
    const { last } = await runTiny(command, await chooseEngine('eager'), { milliseconds: () => 0 })
    expect(last).toMatchObject({ type: 'finished', checkpoint: 'epoch-0005/weights.safetensors' })
    const [run, whole] = ['run', 'whole'].map((name) => leftBehind(join(folder, name)))
    expect(run?.weights).toEqual(whole?.weights)
    expect(run?.optimizer).toEqual(whole?.optimizer)
    expect(run?.steps).toEqual(whole?.steps)
  })

  it('says when another engine goes on', async () => {
    await runTiny(startCommand(folder, options), createFakeEngine())
    const command = { ...startCommand(folder, { ...options, epochs: 4 }), resume: 'further' as const }
    const other = createFakeEngine()
    const engine = { ...other, report: { ...other.report, version: 'Fake 2' } }
    const { events } = await runTiny(command, engine)
    expect(eventsOf(events, 'started')[0]?.notices).toMatchObject([{ kind: 'engine-changed' }])
  })
})

describe('checkpoint rules', () => {
  async function kept(checkpoint: Partial<RunConfig['checkpoint']>, epochs = 4) {
    const rules = {
      every_steps: null,
      every_seconds: null,
      keep_last: 2,
      keep_best: false,
      keep_epochs: true,
      ...checkpoint,
    }
    const runFolder = join(folder, 'run')
    await runTiny(startCommand(runFolder, { epochs, checkpoint: rules }), createFakeEngine())
    return {
      all: readdirSync(runFolder).filter((name) => name.startsWith('epoch-')),
      resumable: listCheckpoints(runFolder),
    }
  }

  it('keep the newest to go on from, and the weights of every epoch', async () => {
    const { all, resumable } = await kept({})
    expect(all).toEqual(['epoch-0000', 'epoch-0001', 'epoch-0002', 'epoch-0003', 'epoch-0004'])
    expect(resumable).toEqual(['epoch-0004', 'epoch-0003'])
  })

  it('keep the best', async () => {
    // Its validation loss never falls, so that the first epoch stays the best.
    expect((await kept({ keep_best: true })).resumable).toEqual(['epoch-0004', 'epoch-0003', 'epoch-0001'])
  })

  it('keep nothing else where that is asked for', async () => {
    expect((await kept({ keep_epochs: false })).all).toEqual(['epoch-0000', 'epoch-0003', 'epoch-0004'])
  })

  it('make checkpoints within an epoch, which go as newer ones come', async () => {
    expect((await kept({ every_steps: 1, keep_last: 3 }, 2)).all).toEqual([
      'epoch-0000',
      'epoch-0001',
      'epoch-0001-step-000002',
      'epoch-0001-step-000003',
      'epoch-0002',
    ])
  })

  it('can be by time', async () => {
    let time = 0
    const engine = createFakeEngine(() => void (time += 1000))
    const rules = { every_steps: null, every_seconds: 2, keep_last: 9, keep_best: false, keep_epochs: true }
    await runTiny(startCommand(folder, { epochs: 1, checkpoint: rules }), engine, { milliseconds: () => time })
    expect(listCheckpoints(folder)).toEqual(['epoch-0001', 'epoch-0000-step-000002'])
  })
})

describe('early stopping', () => {
  const early_stopping = { monitor: 'loss', patience: 2, min_delta: 0, restore_best: true } as const

  it('ends a run that gets no better, and goes back to its best weights', async () => {
    const { last } = await runTiny(startCommand(folder, { epochs: 9, early_stopping }), createFakeEngine())
    expect(last).toMatchObject({ type: 'finished', checkpoint: 'epoch-0001/weights.safetensors' })
    expect(readJournal(folder).epochs).toHaveLength(3)
  })

  it('goes back to them, too, where the epochs run out before', async () => {
    const settings = { epochs: 3, early_stopping: { ...early_stopping, patience: 7 } }
    const { last } = await runTiny(startCommand(folder, settings), createFakeEngine())
    expect(last).toMatchObject({ type: 'finished', checkpoint: 'epoch-0001/weights.safetensors' })
  })

  it('keeps the last weights where that is asked for', async () => {
    const config = { epochs: 9, early_stopping: { ...early_stopping, restore_best: false } }
    const { last } = await runTiny(startCommand(folder, config), createFakeEngine())
    expect(last).toMatchObject({ type: 'finished', checkpoint: 'epoch-0003/weights.safetensors' })
  })

  it('is not undone by a kill before the test', async () => {
    await runTiny(startCommand(folder, { epochs: 9, early_stopping }), createFakeEngine())
    const again = await runTiny(
      { ...startCommand(folder, { epochs: 9, early_stopping }), resume: 'exactly' },
      createFakeEngine(),
    )
    expect(again.last).toMatchObject({ type: 'finished', checkpoint: 'epoch-0001/weights.safetensors' })
    expect(eventsOf(again.events, 'epoch')).toHaveLength(0)
  })

  it('lets a person go on', async () => {
    await runTiny(startCommand(folder, { epochs: 9, early_stopping }), createFakeEngine())
    const further = await runTiny(
      { ...startCommand(folder, { epochs: 9, early_stopping }), resume: 'further' },
      createFakeEngine(),
    )
    expect(eventsOf(further.events, 'epoch').map(({ result }) => result.epoch)).toEqual([4, 5])
  })
})

function flip(file: string): void {
  const bytes = readFileSync(file)
  const at = bytes.length - 9
  bytes[at] = (bytes[at] ?? 0) ^ 4
  writeFileSync(file, bytes)
}
