import { unzipSync } from 'fflate'
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readRunFile } from '../../run-folder/run-file'
import { installRun } from './install'
import { readMetrics } from './metrics'
import { openRunFile } from './open'
import { packRun } from './pack'
import { opened, packed, run, silent, temporary, trained, weights } from './testing/packed-run'

function names(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.includes('/') && /\.\w+$/.test(name))
    .sort()
}

describe('a run file', () => {
  it('gives back the run, its metrics and all of its weights', async () => {
    const into = join(temporary(), 'unpacked')
    const job = trained()
    await packRun(job, silent, 5)
    expect(await opened(job.target, into)).toEqual({ type: 'opened', run, appVersion: '1.2.3', writtenAt: 5 })
    expect(readMetrics(into)).toEqual({
      epochs: job.epochs,
      steps: [
        { step: 1, loss: 0.5, learningRate: 0.001 },
        { step: 2, loss: 0.25, learningRate: 0.001 },
      ],
    })
    expect(names(into)).toEqual([
      ...[1, 2].flatMap((epoch) =>
        ['checkpoint.json', 'optimizer.safetensors', 'weights.safetensors'].map((name) => `epoch-000${epoch}/${name}`),
      ),
      'journal/epochs.jsonl',
      'journal/steps.bin',
    ])
    expect(new Uint8Array(readFileSync(join(into, 'epoch-0001/weights.safetensors')))).toEqual(weights(1))
  })

  it('holds the newest weights alone, and no optimizer, where that was chosen', async () => {
    const into = join(temporary(), 'unpacked')
    await opened(await packed({ checkpoints: 'newest', optimizer: false }), into)
    expect(names(into).filter((path) => path.startsWith('epoch'))).toEqual([
      'epoch-0002/checkpoint.json',
      'epoch-0002/weights.safetensors',
    ])
  })

  it('tells of its progress in bytes, to the end', async () => {
    const job = trained()
    const told: [number, number][] = []
    const watch = { onProgress: ({ done, total }: { done: number; total: number }) => void told.push([done, total]) }
    await packRun(job, watch)
    const total = Object.entries(unzipSync(readFileSync(job.target))).reduce(
      (sum, [name, bytes]) => sum + (name === 'manifest.json' ? 0 : bytes.length),
      0,
    )
    expect(told.at(-1)).toEqual([total, total])
    told.length = 0
    await openRunFile({ file: job.target, into: join(temporary(), 'unpacked'), taken: [] }, watch)
    expect(told[0]).toEqual([0, total])
    expect(told.at(-1)).toEqual([total, total])
  })

  it('that is cancelled half-way leaves no folder', async () => {
    const file = await packed()
    const into = join(temporary(), 'unpacked')
    const stop = new AbortController()
    const watch = { onProgress: () => stop.abort(), signal: stop.signal }
    await expect(openRunFile({ file, into, taken: [] }, watch)).rejects.toMatchObject({ kind: 'cancelled' })
    expect(existsSync(into)).toBe(false)
    await expect(packRun(trained(), watch)).rejects.toMatchObject({ kind: 'cancelled' })
  })

  it('is not unpacked where its run is not wanted again', async () => {
    const into = join(temporary(), 'unpacked')
    const file = await packed()
    expect(await openRunFile({ file, into, taken: ['other', run.id] }, silent)).toEqual({ type: 'exists', id: run.id })
    expect(existsSync(into)).toBe(false)
  })

  it('lacks a checkpoint that was pruned while it was written, and is whole all the same', async () => {
    const job = trained()
    const lost = join(job.folder, 'epoch-0001')
    // The metrics come first: the older checkpoint goes before its turn has come.
    await packRun(job, { onProgress: () => rmSync(lost, { recursive: true, force: true }) })
    const into = join(temporary(), 'unpacked')
    expect(await opened(job.target, into)).toMatchObject({ type: 'opened', run: { newest: run.newest } })
    expect(existsSync(join(into, 'epoch-0001', 'weights.safetensors'))).toBe(false)
    expect(existsSync(join(into, 'epoch-0002', 'weights.safetensors'))).toBe(true)
  })
})

describe('an unpacked run', () => {
  const place = (home: string) => ({ id: run.id, name: 'Mine', folder: join(home, 'runs', 'x') })

  async function unpackedIn(home: string) {
    const unpacked = join(home, 'runs', '.import')
    mkdirSync(join(home, 'runs'))
    await opened(await packed(), unpacked)
    return { run, unpacked }
  }

  it('is installed whole', async () => {
    const home = temporary()
    expect(installRun(await unpackedIn(home), place(home), () => 'recorded')).toBe('recorded')
    expect([...readFileSync(join(home, 'runs', 'x', 'epoch-0002', 'weights.safetensors'))]).toEqual([...weights(2)])
    expect(readdirSync(join(home, 'runs'))).toEqual(['x'])
    expect(readRunFile(join(home, 'runs', 'x'))).toMatchObject({ id: run.id, name: 'Mine', document: run.document })
  })

  it('leaves nothing behind where it cannot be recorded', async () => {
    const home = temporary()
    const unpacked = await unpackedIn(home)
    const fail = () => {
      throw new Error('the database is locked')
    }
    expect(() => installRun(unpacked, place(home), fail)).toThrow('locked')
    expect(readdirSync(join(home, 'runs'))).toEqual([])
    mkdirSync(join(home, 'runs', 'x'))
    expect(() => installRun(unpacked, place(home), () => null)).toThrow('is there already')
    expect(existsSync(join(home, 'runs', 'x'))).toBe(true)
  })
})
