import { unzipSync, zipSync } from 'fflate'
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { writeSafetensors } from '../../../../shared/formats/safetensors'
import { requireSound } from '../../../../shared/network/analyze'
import { readNetwork } from '../../../../shared/network/parse'
import { elementCount } from '../../../../shared/network/shape'
import { runConfigSchema } from '../../../../shared/training/config'
import type { EpochResult } from '../../../../shared/training/state'
import type { OpenedFile, PackJob } from '../../archives'
import type { Manifest, PackedRun } from '../manifest'
import { openRunFile } from '../open'
import { packRun } from '../pack'

const document = readNetwork(
  {
    format: 'convscope.network',
    version: 1,
    name: 'net',
    layers: [
      { id: 'input', kind: 'input', params: { height: 4, width: 4, channels: 1 } },
      { id: 'conv1', kind: 'conv2d', params: { out_channels: 2 }, inputs: ['input'] },
      { id: 'flatten', kind: 'flatten', inputs: ['conv1'] },
      { id: 'fc', kind: 'linear', params: { out_features: 3 }, inputs: ['flatten'] },
    ],
  },
  'net',
)

export const run: PackedRun = {
  id: '0b8a2c5e-7f3d-4a1b-9c6e-1d2f3a4b5c6d',
  name: 'A lesson',
  document,
  config: runConfigSchema.parse({}),
  state: { type: 'finished', test: { loss: 0.2, accuracy: 0.95 } },
  engine: { id: 'eager', version: '1', device: 'CPU', notice: null },
  createdAt: 1_700_000_000_000,
  endedAt: 1_700_000_100_000,
  tags: ['first'],
  note: 'kept',
  newest: 'epoch-0002/weights.safetensors',
}

export const silent = { onProgress: () => undefined }

function epochResult(epoch: number): EpochResult {
  const score = { loss: 1 / epoch, accuracy: 0.9 }
  const seconds = { trainSeconds: 1, validationSeconds: 1, imagesPerSecond: 100 }
  return { epoch, train: score, validation: null, learningRate: 0.001, ...seconds }
}

export function weights(fill: number): Uint8Array {
  const { layers } = requireSound(document)
  return writeSafetensors(
    new Map(
      layers.flatMap(({ node, weights: specs }) =>
        specs.map(({ name, shape }) => [
          `${node.id}.${name}`,
          { shape, values: new Float32Array(elementCount(shape)).fill(fill) },
        ]),
      ),
    ),
  )
}

export function temporary(): string {
  const folder = mkdtempSync(join(tmpdir(), 'convscope-run-file-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** A run of two epochs, in a folder as a trainer leaves it. */
export function trained(change: Partial<PackJob> = {}): PackJob {
  const folder = temporary()
  for (const epoch of [1, 2]) {
    const checkpoint = join(folder, `epoch-000${epoch}`)
    mkdirSync(checkpoint)
    writeFileSync(join(checkpoint, 'weights.safetensors'), weights(epoch))
    writeFileSync(join(checkpoint, 'checkpoint.json'), '{}')
    writeFileSync(join(checkpoint, 'optimizer.safetensors'), writeSafetensors(new Map()))
    writeFileSync(join(checkpoint, 'private.txt'), 'not for others')
  }
  return {
    target: join(temporary(), 'x.convscope'),
    run,
    epochs: [epochResult(1), epochResult(2)],
    steps: { step: [1, 2], loss: [0.5, 0.25], learningRate: [0.001, 0.001] },
    folder,
    appVersion: '1.2.3',
    checkpoints: 'all',
    optimizer: true,
    ...change,
  }
}

/** Gives the file's path. */
export async function packed(change: Partial<PackJob> = {}, now = 5): Promise<string> {
  const job = trained(change)
  await packRun(job, silent, now)
  return job.target
}

/** Opens a file into a folder of its own; `into` is that folder, also where it fails. */
export async function opened(file: string, into = join(temporary(), 'unpacked')): Promise<OpenedFile> {
  return openRunFile({ file, into, taken: [] }, silent)
}

/** A file whose parts were changed, and whose list agrees with them unless `listed` changes it after. */
export async function forged(
  change: (parts: Record<string, Uint8Array>) => void,
  listed?: (manifest: Manifest) => void,
): Promise<string> {
  const file = await packed()
  const { 'manifest.json': list = new Uint8Array(), ...parts } = unzipSync(readFileSync(file))
  change(parts)
  const manifest = JSON.parse(new TextDecoder().decode(list)) as Manifest
  const described = Object.entries(parts).map(([path, bytes]) => ({
    path,
    bytes: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
  }))
  const changed = { ...manifest, parts: described }
  listed?.(changed)
  writeFileSync(file, zipSync({ ...parts, 'manifest.json': Buffer.from(JSON.stringify(changed)) }))
  return file
}
