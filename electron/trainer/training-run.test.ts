import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { EngineWeight } from '../../shared/training/messages'
import { createRunControl } from './run-control'
import { createFakeEngine } from './testing/fake-engine'
import { eventsOf, runTiny } from './testing/run-tiny'
import { startCommand, tinyDataset } from './testing/tiny'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'convscope-run-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

describe('a run', () => {
  it('says how it began, went and ended', async () => {
    const engine = createFakeEngine()
    const { events, last } = await runTiny(startCommand(folder), engine)
    expect(eventsOf(events, 'started')).toEqual([
      {
        type: 'started',
        engine: engine.report,
        trainCount: 32,
        validationCount: 8,
        totalSteps: 8,
        from: null,
        notices: [],
      },
    ])
    const epochs = eventsOf(events, 'epoch')
    expect(epochs.map(({ result }) => result.epoch)).toEqual([1, 2])
    expect(epochs[0]?.result.train.loss).toBeCloseTo((1 + 1 / 2 + 1 / 3 + 1 / 4) / 4, 12)
    expect(epochs[0]?.result).toMatchObject({ train: { accuracy: 4 / 32 }, validation: { loss: 0.5, accuracy: 1 } })
    expect(last).toEqual({
      type: 'finished',
      test: { loss: 0.5, accuracy: 1 },
      checkpoint: 'epoch-0002/weights.safetensors',
    })
    expect(events.at(-1)).toBe(last)
    expect(engine.disposed).toBe(1)
    expect(readdirSync(folder).sort()).toEqual(['epoch-0000', 'epoch-0001', 'epoch-0002', 'journal'])
    expect(readdirSync(join(folder, 'epoch-0000'))).toEqual(['weights.safetensors'])
  })

  it('records the loss of every step, in order, in few messages', async () => {
    const { events } = await runTiny(startCommand(folder, { epochs: 50 }), createFakeEngine())
    const steps = eventsOf(events, 'progress').flatMap((event) => event.steps)
    expect(steps.map(({ step }) => step)).toEqual(Array.from({ length: 200 }, (_, index) => index + 1))
    expect(steps[9]).toEqual({ step: 10, loss: 0.1, learningRate: 1e-3 })
  })

  it('has told of all steps of an epoch when it tells of the epoch', async () => {
    const { events } = await runTiny(startCommand(folder, { epochs: 3 }), createFakeEngine())
    const told = eventsOf(events, 'epoch').map((epoch) =>
      eventsOf(events.slice(0, events.indexOf(epoch)), 'progress').reduce((sum, { steps }) => sum + steps.length, 0),
    )
    expect(told).toEqual([4, 8, 12])
  })

  it('speaks at most twice a second of progress and of kernels', async () => {
    let time = 0
    const { events } = await runTiny(
      startCommand(folder, { epochs: 1 }),
      createFakeEngine(() => void (time += 10)),
      {
        milliseconds: () => time,
        dataset: tinyDataset(4000),
      },
    )
    const seconds = time / 1000
    expect(seconds).toBe(4)
    // One more at the start and one at the end.
    expect(eventsOf(events, 'progress').length).toBeLessThanOrEqual(2 * seconds + 2)
    expect(eventsOf(events, 'progress').length).toBeGreaterThan(2 * seconds - 3)
    expect(eventsOf(events, 'kernels').length).toBeLessThanOrEqual(2 * seconds + 2)
    expect(eventsOf(events, 'kernels')[0]?.kernels).toMatchObject({ layer: 'conv1', shape: [3, 1, 3, 3] })
    const { progress } = eventsOf(events, 'progress')[6] ?? {}
    // 8 pictures in 10 ms.
    expect(progress?.imagesPerSecond).toBeCloseTo(800, 6)
    expect(progress?.secondsLeft).toBeGreaterThan(0)
  })

  it('visits every picture once an epoch, in another order each time', async () => {
    const engine = createFakeEngine()
    await runTiny(startCommand(folder, { batch_size: 10 }), engine)
    const sizes = engine.steps.map(({ indices }) => indices.length)
    expect(sizes).toEqual([10, 10, 10, 2, 10, 10, 10, 2])
    const epochs = [engine.steps.slice(0, 4), engine.steps.slice(4)].map((steps) =>
      steps.flatMap(({ indices }) => [...indices]),
    )
    expect(epochs[0]).not.toEqual(epochs[1])
    const sorted = epochs.map((order) => order.sort((a, b) => a - b))
    expect(sorted[0]).toEqual(sorted[1])
    expect(new Set(sorted[0]).size).toBe(32)
    const validation = [...(engine.evaluated[0] ?? [])]
    expect(validation).toHaveLength(8)
    expect(new Set([...(sorted[0] ?? []), ...validation]).size).toBe(40)
  })

  it('keeps the order of the files without shuffle', async () => {
    const engine = createFakeEngine()
    await runTiny(startCommand(folder, { shuffle: false, validation_split: 0, epochs: 1 }), engine)
    expect(engine.steps.flatMap(({ indices }) => [...indices])).toEqual(Array.from({ length: 40 }, (_, i) => i))
  })

  it('gives every step masks of its own, the same in every run of a seed', async () => {
    const runs = [createFakeEngine(), createFakeEngine(), createFakeEngine()] as const
    for (const [index, engine] of runs.entries())
      await runTiny(startCommand(folder, { seed: index === 2 ? 8 : 7 }), engine)
    const seeds = runs.map(({ steps }) => steps.map(({ seed }) => seed.join()))
    expect(seeds[0]).toEqual(seeds[1])
    expect(seeds[0]).not.toEqual(seeds[2])
    expect(new Set(seeds[0]).size).toBe(8)
  })

  it('follows the schedule step by step', async () => {
    const engine = createFakeEngine()
    const schedule = { type: 'cosine', min_rate: 0 } as const
    await runTiny(startCommand(folder, { learning_rate: 1, schedule }), engine)
    const rates = engine.steps.map(({ learningRate }) => learningRate)
    rates.forEach((rate, step) => expect(rate).toBeCloseTo((1 + Math.cos((Math.PI * step) / 8)) / 2, 12))
  })

  it('takes the first pictures where a limit is set, and evaluates all test pictures in parts', async () => {
    const engine = createFakeEngine()
    const dataset = tinyDataset(40, 600)
    await runTiny(startCommand(folder, { limit: 20, validation_split: 0, epochs: 1 }), engine, { dataset })
    expect(engine.job?.data?.count).toBe(20)
    expect(engine.evaluated.map((part) => part.length)).toEqual([20])
    await runTiny(startCommand(folder, { validation_split: 0, epochs: 1 }), engine, { dataset })
    expect(engine.evaluated.slice(1).map((part) => part.length)).toEqual([256, 256, 88])
  })

  it('leaves one picture to learn from', async () => {
    const { events } = await runTiny(startCommand(folder, { limit: 1, validation_split: 0.9 }), createFakeEngine())
    expect(eventsOf(events, 'started')[0]).toMatchObject({ trainCount: 1, validationCount: 0 })
    expect(eventsOf(events, 'epoch')[0]?.result.validation).toBeNull()
  })
})

describe('pause, resume, stop and inspect', () => {
  it('pauses within one step, and time stands still', async () => {
    const control = createRunControl()
    let time = 0
    const engine = createFakeEngine((step) => {
      time += 1000
      if (step === 3) setImmediate(() => control.pause())
      return undefined
    })
    let stepsAtPause = -1
    const { events, last } = await runTiny(startCommand(folder), engine, {
      control,
      milliseconds: () => time,
      onEvent(event) {
        if (event.type !== 'paused') return
        stepsAtPause = engine.steps.length
        time += 1e6
        setTimeout(() => control.resume(), 20)
      },
    })
    expect(stepsAtPause).toBeLessThanOrEqual(4)
    expect(eventsOf(events, 'paused')).toHaveLength(1)
    expect(eventsOf(events, 'resumed')).toHaveLength(1)
    expect(last.type).toBe('finished')
    expect(eventsOf(events, 'epoch')[0]?.result.trainSeconds).toBe(4)
    // Everything up to the pause was said before it.
    const before = events.slice(
      0,
      events.findIndex(({ type }) => type === 'paused'),
    )
    expect(eventsOf(before, 'progress').flatMap(({ steps }) => steps)).toHaveLength(stepsAtPause)
  })

  it('stops after the step at hand and keeps its weights', async () => {
    const control = createRunControl()
    const engine = createFakeEngine((step) => {
      if (step === 6) control.stop()
      return undefined
    })
    const { events, last } = await runTiny(startCommand(folder), engine, { control })
    expect(engine.steps).toHaveLength(6)
    expect(last).toEqual({ type: 'stopped', checkpoint: 'epoch-0001-step-000002/weights.safetensors' })
    expect(eventsOf(events, 'progress').at(-1)?.progress.step).toBe(6)
    expect(readdirSync(folder).sort()).toEqual(['epoch-0000', 'epoch-0001', 'epoch-0001-step-000002', 'journal'])
  })

  it('stops while paused', async () => {
    const { last, events } = await runTiny(startCommand(folder), createFakeEngine(), {
      onEvent(event, control) {
        if (event.type === 'kernels') control.pause()
        if (event.type === 'paused') control.stop()
      },
    })
    expect(last).toEqual({ type: 'stopped', checkpoint: 'epoch-0000-step-000001/weights.safetensors' })
    expect(eventsOf(events, 'resumed')).toHaveLength(0)
  })

  it('writes nothing where it is stopped before it began, or right after an epoch', async () => {
    const control = createRunControl()
    control.stop()
    expect((await runTiny(startCommand(folder), createFakeEngine(), { control })).last).toEqual({ type: 'stopped' })
    const { last } = await runTiny(startCommand(folder, { epochs: 1 }), createFakeEngine(), {
      onEvent: (event, itsControl) => void (event.type === 'epoch' && itsControl.stop()),
    })
    expect(last).toEqual({ type: 'stopped' })
    expect(readdirSync(folder).sort()).toEqual(['epoch-0000', 'epoch-0001', 'journal'])
  })

  it('gives all weights of the instant, and tells the step that made them', async () => {
    const handed: { number: number; weights: readonly EngineWeight[] }[] = []
    const { events } = await runTiny(startCommand(folder, { init: 'he' }), createFakeEngine(), {
      handOver: (number, weights) => handed.push({ number, weights }),
      onEvent(event, control) {
        if (event.type === 'kernels') control.inspect({ request: 4, what: { type: 'weights' } })
      },
    })
    expect(eventsOf(events, 'weights')[0]).toMatchObject({ request: 4, step: 1 })
    const [given] = handed
    expect(given?.number).toBe(4)
    // Every step of this engine adds 1; biases begin at 0.
    const bias = given?.weights.find(({ name }) => name === 'fc1.bias')
    expect(bias).toEqual({ name: 'fc1.bias', values: Float32Array.of(1, 1, 1), rowsOf: null })
    expect(given?.weights.map(({ name }) => name)).toContain('bn1.running_var')
  })

  it('answers questions between steps and while paused', async () => {
    const { events } = await runTiny(startCommand(folder), createFakeEngine(), {
      onEvent(event, control) {
        if (event.type === 'started') control.inspect({ request: 1, what: { type: 'kernels', layer: 'conv1' } })
        if (event.type === 'inspected' && event.request === 1) control.pause()
        if (event.type === 'paused') {
          setImmediate(() => control.inspect({ request: 2, what: { type: 'kernels', layer: 'fc1' } }))
        }
        if (event.type === 'inspected' && event.request === 2) control.resume()
      },
    })
    const [first, second] = eventsOf(events, 'inspected')
    expect(first?.kernels).toMatchObject({ layer: 'conv1', shape: [3, 1, 3, 3] })
    expect(second).toEqual({ type: 'inspected', request: 2, kernels: null })
  })
})
