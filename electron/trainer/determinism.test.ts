import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readSafetensors } from '../../shared/formats/safetensors'
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
