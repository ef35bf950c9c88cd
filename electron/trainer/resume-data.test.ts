import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { sumsFile, metaFile } from '../../shared/training/checkpoint-names'
import { readJournal } from '../run-folder/journal'
import { listCheckpoints, readCheckpoint } from '../run-folder/read-checkpoint'
import { sha256 } from '../run-folder/write-checkpoint'
import { createFakeEngine } from './testing/fake-engine'
import { runTiny } from './testing/run-tiny'
import { startCommand, tinyDataset } from './testing/tiny'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'convscope-pictures-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** As an older version wrote it. */
function forgetData(checkpoint: string): void {
  const meta = join(checkpoint, metaFile)
  const sums = join(checkpoint, sumsFile)
  const { data, ...older } = JSON.parse(readFileSync(meta, 'utf8')) as Record<string, unknown>
  expect(data).toMatch(/^[0-9a-f]{64}$/)
  writeFileSync(meta, JSON.stringify(older))
  const line = `${sha256(readFileSync(meta))}  ${metaFile}`
  writeFileSync(sums, readFileSync(sums, 'utf8').replace(new RegExp(`^.*  ${metaFile}$`, 'm'), line))
}

describe('a run whose pictures are others now', () => {
  const further = () => ({ ...startCommand(folder, { epochs: 3 }), resume: 'further' as const })

  it('does not go on, and keeps what it has', async () => {
    await runTiny(startCommand(folder), createFakeEngine())
    const left = () => [readJournal(folder), listCheckpoints(folder).map((name) => readCheckpoint(join(folder, name)))]
    const before = left()
    const dataset = tinyDataset()
    dataset.test.labels[0] = 2 - (dataset.test.labels[0] ?? 0)
    const { last } = await runTiny(further(), createFakeEngine(), { dataset })
    expect(last).toMatchObject({ type: 'failed', error: { kind: 'data-differs', params: { title: 'Tiny' } } })
    expect(left()).toEqual(before)
    expect((await runTiny(further(), createFakeEngine())).last.type).toBe('finished')
  })

  it('goes on where an older version has not noted which they were', async () => {
    await runTiny(startCommand(folder), createFakeEngine())
    for (const name of listCheckpoints(folder)) forgetData(join(folder, name))
    const { last } = await runTiny(further(), createFakeEngine(), { dataset: tinyDataset(40, 11) })
    expect(last.type).toBe('finished')
  })
})
