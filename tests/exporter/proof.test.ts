import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it, vi } from 'vitest'
import type { ExportFormat } from '../../electron/exporter/format'
import { safetensorsFormat } from '../../electron/exporter/formats/safetensors'
import { runExport } from '../../electron/exporter/run-export'
import { tinyConfig, tinyNetwork } from '../../electron/trainer/testing/tiny'
import type { ExportJob } from '../../shared/exports/messages'

/** Stands in for every format: safetensors, with a fault put in. */
let format: ExportFormat = safetensorsFormat
vi.mock('../../electron/exporter/formats/network-formats', () => ({ networkFormat: () => Promise.resolve(format) }))

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

const folder = mkdtempSync(join(tmpdir(), 'convscope-proof-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const job: ExportJob = {
  format: 'safetensors',
  document: tinyNetwork,
  weights: null,
  config: tinyConfig(),
  metrics: null,
  project: null,
  dataFolder: null,
  target: join(folder, 'weights'),
  about: { run: 'run', moment: 'epoch-0000', version: 'test' },
}

async function proofWith(changes: Partial<ExportFormat>) {
  format = { ...safetensorsFormat, ...changes }
  const { proof } = await runExport(job, () => undefined)
  return proof
}

it('agrees where nothing is wrong', async () => {
  const proof = await proofWith({})
  expect(proof).toMatchObject({ type: 'outputs', pictures: 100, source: 'random', agrees: true })
})

it('finds one weight that is another', async () => {
  const proof = await proofWith({
    async write(source, target) {
      await safetensorsFormat.write(source, target)
      const bytes = Uint8Array.from(readFileSync(target))
      // The last number of the file, by a hundredth or more.
      bytes[bytes.length - 2] = (bytes.at(-2) ?? 0) ^ 0x40
      writeFileSync(target, bytes)
    },
  })
  expect(proof).toMatchObject({ type: 'outputs', agrees: false })
})

it('says why a file cannot be read back', async () => {
  const proof = await proofWith({
    async write(source, target) {
      await safetensorsFormat.write(source, target)
      writeFileSync(target, readFileSync(target).subarray(0, 300))
    },
  })
  expect(proof).toMatchObject({ type: 'unread', agrees: false })
  expect(proof.type === 'unread' && proof.detail.length).toBeGreaterThan(5)
})

it.each([
  ['gives too few outputs', () => Promise.resolve(new Float32Array(7)), 'outputs for each picture'],
  ['fails while it computes', () => Promise.reject(new Error('no such operator')), 'no such operator'],
] as const)('is no proof where the reader %s', async (_what, run, detail) => {
  const proof = await proofWith({ read: () => Promise.resolve({ reader: 'R', run, close: () => Promise.resolve() }) })
  expect(proof).toMatchObject({ type: 'unread', detail: expect.stringContaining(detail) as string, agrees: false })
})

it('takes outputs that are no numbers for infinitely far', async () => {
  const run = (_pictures: Float32Array, count: number) => Promise.resolve(new Float32Array(3 * count).fill(NaN))
  const proof = await proofWith({ read: () => Promise.resolve({ reader: 'R', run, close: () => Promise.resolve() }) })
  expect(proof).toMatchObject({ largestDifference: Infinity, agrees: false })
})
