import { strToU8, unzipSync, zipSync } from 'fflate'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { AppError } from '../../../shared/errors'
import { writeSafetensors } from '../../../shared/formats/safetensors'
import { requireSound } from '../../../shared/network/analyze'
import { elementCount } from '../../../shared/network/shape'
import { readNetwork } from '../../../shared/network/parse'
import { runConfigSchema } from '../../../shared/training/config'
import type { EpochResult } from '../../../shared/training/state'
import { readRunFile } from '../../run-folder/run-file'
import { installRun } from './install'
import type { Manifest, PackedRun } from './manifest'
import { openRunBytes, openRunFile } from './open'
import { packRun, type PackSource } from './pack'

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

const run: PackedRun = {
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

function epochResult(epoch: number): EpochResult {
  const score = { loss: 1 / epoch, accuracy: 0.9 }
  const seconds = { trainSeconds: 1, validationSeconds: 1, imagesPerSecond: 100 }
  return { epoch, train: score, validation: null, learningRate: 0.001, ...seconds }
}

function weights(fill: number): Uint8Array {
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

function temporary(): string {
  const folder = mkdtempSync(join(tmpdir(), 'convscope-run-file-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

const place = (home: string) => ({ id: run.id, name: 'Mine', folder: join(home, 'runs', 'x') })

function source(): PackSource {
  const folder = temporary()
  for (const epoch of [1, 2]) {
    const checkpoint = join(folder, `epoch-000${epoch}`)
    mkdirSync(checkpoint)
    writeFileSync(join(checkpoint, 'weights.safetensors'), weights(epoch))
    writeFileSync(join(checkpoint, 'checkpoint.json'), '{}')
    writeFileSync(join(checkpoint, 'optimizer.safetensors'), writeSafetensors(new Map()))
    writeFileSync(join(checkpoint, 'private.txt'), 'not for others')
  }
  const steps = { step: [1, 2], loss: [0.5, 0.25], learningRate: [0.001, 0.001] }
  return { run, epochs: [epochResult(1), epochResult(2)], steps, folder, appVersion: '1.2.3' }
}

const whole = { checkpoints: 'all', optimizer: true } as const

/** A file whose parts were changed, and whose list agrees with them unless `listed` changes it after. */
function forged(
  change: (parts: Record<string, Uint8Array>) => void,
  listed?: (manifest: Manifest) => void,
): Uint8Array {
  const { 'manifest.json': list = new Uint8Array(), ...parts } = unzipSync(packRun(source(), whole))
  change(parts)
  const manifest = JSON.parse(new TextDecoder().decode(list)) as Manifest
  const described = Object.entries(parts).map(([path, bytes]) => ({
    path,
    bytes: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
  }))
  const changed = { ...manifest, parts: described }
  listed?.(changed)
  return zipSync({ 'manifest.json': strToU8(JSON.stringify(changed)), ...parts })
}

describe('a run file', () => {
  it('gives back the run, its metrics and all of its weights', () => {
    const packed = source()
    const opened = openRunBytes(packRun(packed, whole, 5), 'a.convscope')
    expect(opened).toMatchObject({ run, appVersion: '1.2.3', writtenAt: 5, epochs: packed.epochs })
    expect(opened.steps).toEqual([
      { step: 1, loss: 0.5, learningRate: 0.001 },
      { step: 2, loss: 0.25, learningRate: 0.001 },
    ])
    expect([...opened.parts.keys()].filter((path) => path.endsWith('weights.safetensors'))).toHaveLength(2)
    expect(opened.parts.get('epoch-0001/weights.safetensors')).toEqual(weights(1))
    expect([...opened.parts.keys()].some((path) => path.includes('private'))).toBe(false)
  })

  it('holds the newest weights alone, and no optimizer, where that was chosen', () => {
    const opened = openRunBytes(packRun(source(), { checkpoints: 'newest', optimizer: false }), 'a')
    expect([...opened.parts.keys()].filter((path) => path.startsWith('epoch'))).toEqual([
      'epoch-0002/checkpoint.json',
      'epoch-0002/weights.safetensors',
    ])
  })

  it('is installed whole', () => {
    const home = temporary()
    const opened = openRunBytes(packRun(source(), whole), 'a')
    expect(installRun(opened, place(home), () => 'recorded')).toBe('recorded')
    expect([...readFileSync(join(home, 'runs', 'x', 'epoch-0002', 'weights.safetensors'))]).toEqual([...weights(2)])
    expect(readdirSync(join(home, 'runs'))).toEqual(['x'])
    expect(readRunFile(join(home, 'runs', 'x'))).toMatchObject({ id: run.id, name: 'Mine', document })
  })

  it('leaves nothing behind where it cannot be recorded', () => {
    const home = temporary()
    const opened = openRunBytes(packRun(source(), whole), 'a')
    const fail = () => {
      throw new Error('the database is locked')
    }
    expect(() => installRun(opened, place(home), fail)).toThrow('locked')
    expect(readdirSync(join(home, 'runs'))).toEqual([])
    mkdirSync(join(home, 'runs', 'x'))
    expect(() => installRun(opened, place(home), () => null)).toThrow('is there already')
    expect(existsSync(join(home, 'runs', 'x'))).toBe(true)
  })
})

describe('a file that is not as it should be', () => {
  const evil = strToU8('evil')
  it.each<[string, () => Uint8Array, string]>([
    ['no archive', () => strToU8('{"format":"convscope.network"}'), 'it is not a run of Convscope'],
    ['another archive', () => zipSync({ 'a.txt': evil }), 'it is not a run of Convscope'],
    ['cut off', () => packRun(source(), whole).slice(0, -100), 'cut off'],
    ['a way out', () => forged((parts) => (parts['../../evil.sh'] = evil)), '../../evil.sh, which is no part of a run'],
    ['an absolute path', () => forged((parts) => (parts['/etc/evil'] = evil)), '/etc/evil, which is no part'],
    ['a strange part', () => forged((parts) => (parts['epoch-0001/run.py'] = evil)), 'which is no part of a run'],
    [
      'a part that is not listed',
      () =>
        forged(
          (parts) => (parts['epoch-0003/checkpoint.json'] = evil),
          (list) => void list.parts.pop(),
        ),
      'which is no part of a run',
    ],
    [
      'a flipped bit',
      () =>
        forged(
          () => undefined,
          (list) => list.parts.forEach((part) => (part.sha256 = '0'.repeat(64))),
        ),
      'is damaged',
    ],
    [
      'a wrong length',
      () =>
        forged(
          () => undefined,
          (list) => list.parts.forEach((part) => (part.bytes += 1)),
        ),
      'is damaged',
    ],
    [
      'missing weights',
      () => forged((parts) => delete parts['epoch-0002/weights.safetensors']),
      'its newest weights are missing',
    ],
    [
      'weights of another network',
      () => forged((parts) => (parts['epoch-0002/weights.safetensors'] = writeSafetensors(new Map()))),
      'does not fit its network',
    ],
    ['weights that are none', () => forged((parts) => (parts['epoch-0002/weights.safetensors'] = evil)), 'safetensors'],
    ['steps that are none', () => forged((parts) => (parts['journal/steps.bin'] = evil)), 'steps.bin is damaged'],
    [
      'epochs that are none',
      () => forged((parts) => (parts['journal/epochs.jsonl'] = evil)),
      'epochs.jsonl is damaged',
    ],
    [
      'a bomb',
      () => forged((parts) => (parts['journal/steps.bin'] = new Uint8Array(66 * 2 ** 20))),
      'bytes would become 692',
    ],
    [
      'a run without a name',
      () =>
        forged(
          () => undefined,
          (list) => Object.assign(list, { run: { ...list.run, name: '' } }),
        ),
      'run.name',
    ],
  ])('is refused: %s', { timeout: 60_000 }, (_what, make, message) => {
    const open = () => openRunBytes(make(), 'x.convscope')
    expect(open).toThrow(AppError)
    expect(open).toThrow('x.convscope')
    expect(open).toThrow(message)
  })

  it('of a newer version says so', () => {
    const newer = forged(
      () => undefined,
      (list) => Object.assign(list, { version: 2, more: true }),
    )
    expect(() => openRunBytes(newer, 'x')).toThrow('newer Convscope (format 2)')
    expect(() => openRunFile('/no/such.convscope')).toThrow('such.convscope cannot be read')
  })

  it('does not become larger than it promised, whatever is packed in it', () => {
    const bytes = packRun(source(), { checkpoints: 'newest', optimizer: false })
    // The sizes in the archive's directory, made small: the list inside says another.
    const at = Buffer.from(bytes).lastIndexOf('journal/steps.bin') - 46
    new DataView(bytes.buffer).setUint32(at + 24, 3, true)
    expect(() => openRunBytes(bytes, 'x')).toThrow('steps.bin is damaged')
  })
})
