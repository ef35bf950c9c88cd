import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readSafetensors } from '../../shared/formats/safetensors'
import { distributionOf } from '../../shared/training/histograms'
import { chooseEngine } from './engine-choice'
import { eventsOf, runTiny } from './testing/run-tiny'
import { startCommand } from './testing/tiny'
import type { RunConfig } from '../../shared/training/config'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'convscope-run-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

async function trainTiny(name: string, changes: Partial<RunConfig>, pause = false) {
  const runFolder = join(folder, name)
  const engine = await chooseEngine('eager')
  const { events, last } = await runTiny(startCommand(runFolder, { learning_rate: 0.01, ...changes }), engine, {
    onEvent(event, control) {
      if (pause && event.type === 'progress' && event.progress.step === 1) control.pause()
      if (event.type === 'paused') setTimeout(() => control.resume(), 5)
    },
  })
  if (last.type !== 'finished') throw new Error(JSON.stringify(last))
  return { events, last, weights: new Uint8Array(readFileSync(join(runFolder, last.checkpoint))) }
}

describe('the eager engine in the loop', () => {
  it('learns', async () => {
    const { events, last } = await trainTiny('a', { epochs: 15 })
    expect(last.test.accuracy).toBeGreaterThan(0.9)
    const epochs = eventsOf(events, 'epoch')
    expect(epochs.at(-1)?.result.train.loss).toBeLessThan((epochs[0]?.result.train.loss ?? 0) / 2)
  })

  it('gives the same weights bit for bit for the same seed, even after a pause', async () => {
    const first = await trainTiny('a', {})
    const second = await trainTiny('b', {}, true)
    const other = await trainTiny('c', { seed: 2 })
    expect(eventsOf(second.events, 'paused')).toHaveLength(1)
    expect(second.weights).toEqual(first.weights)
    expect(other.weights).not.toEqual(first.weights)
  })

  it('records distributions at the end of each epoch, and learns the same with and without', async () => {
    const plain = await trainTiny('a', {})
    const { events, weights } = await trainTiny('b', { histograms: true })
    expect(weights).toEqual(plain.weights)
    expect(events.filter(({ type }) => type === 'distributions' || type === 'epoch').map(({ type }) => type)).toEqual([
      'distributions',
      'epoch',
      'distributions',
      'epoch',
    ])
    const [first, second] = eventsOf(events, 'distributions').map(({ distributions }) => distributions)
    expect([first?.epoch, second?.epoch]).toEqual([1, 2])
    const all = readSafetensors(weights, 'last').tensors
    expect(second?.weights.map(({ weight }) => weight)).toEqual([...all.keys()])
    for (const { weight, values, gradient } of second?.weights ?? []) {
      expect(values).toEqual(distributionOf(all.get(weight)?.values ?? new Float32Array()))
      expect(gradient === null, weight).toBe(weight.includes('running_'))
      expect(gradient?.counts.reduce((a, b) => a + b, 0) ?? all.get(weight)?.values.length).toBe(
        all.get(weight)?.values.length,
      )
    }
  })

  it('names the layer at which a run diverged', async () => {
    const run = await runTiny(
      startCommand(join(folder, 'a'), { learning_rate: 100, optimizer: { type: 'sgd', weight_decay: 10 }, epochs: 50 }),
      await chooseEngine('eager'),
    )
    if (run.last.type !== 'failed') throw new Error(JSON.stringify(run.last))
    const { kind, message, fix, params } = run.last.error
    expect(kind).toBe('not-a-number')
    expect(params).toMatchObject({ layer: expect.stringMatching(/^(conv1|bn1|fc1)$/) as string })
    expect(message).toMatch(/is the first .*that is not finite|too large for a number/)
    expect(fix).toBe('Try a lower learning rate; 100 may be too high, or clip the gradients, or warm the rate up.')
  })

  it('starts from given weights', async () => {
    const { last } = await trainTiny('a', {})
    const file = join(folder, 'a', last.checkpoint)
    const command = { ...startCommand(join(folder, 'b'), { learning_rate: 1e-30, epochs: 1 }), initialWeights: file }
    const run = await runTiny(command, await chooseEngine('eager'))
    if (run.last.type !== 'finished') throw new Error(JSON.stringify(run.last))
    const [before, after] = [file, join(folder, 'b', run.last.checkpoint)].map(
      (path) => readSafetensors(readFileSync(path), path).tensors,
    )
    expect(after?.get('fc1.weight')).toEqual(before?.get('fc1.weight'))
  })
})
