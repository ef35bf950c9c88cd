import { unzipSync } from 'fflate'
import { createHash } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { basename } from 'node:path'
import { z } from 'zod'
import { AppError, toWire } from '../../../shared/errors'
import { describeSafetensors, safetensorsHeaderLength } from '../../../shared/formats/safetensors'
import { requireSound } from '../../../shared/network/analyze'
import { weightsFile } from '../../../shared/training/checkpoint-names'
import type { EpochResult, StepRecord } from '../../../shared/training/state'
import { damaged, explained, manifestName, parseManifest, partName, type PackedRun } from './manifest'
import { mostFileBytes } from './pack'
import { decodeSteps } from './steps'

/** A run out of a file: everything in it was checked, and nothing was written anywhere. */
export interface OpenedRun {
  readonly run: PackedRun
  readonly appVersion: string
  readonly writtenAt: number
  readonly epochs: readonly EpochResult[]
  readonly steps: readonly StepRecord[]
  /** By their paths in the run's folder. */
  readonly parts: ReadonlyMap<string, Uint8Array>
}

const mostManifestBytes = 64 * 2 ** 20
/** Metrics get smaller by packing, tensors are not packed: what claims more is made to fill a memory. */
const mostGrowth = 100
const alwaysAllowed = 64 * 2 ** 20

const scoreSchema = z.strictObject({ loss: z.number(), accuracy: z.number() })
const epochSchema = z.strictObject({
  epoch: z.int().min(1),
  train: scoreSchema,
  validation: scoreSchema.nullable(),
  learningRate: z.number(),
  trainSeconds: z.number().min(0),
  validationSeconds: z.number().min(0),
  imagesPerSecond: z.number().min(0),
})

/** Throws `not-found`, `unsupported-version`, or `data-corrupt` that says what is wrong with the file. */
export function openRunFile(path: string): OpenedRun {
  const source = basename(path)
  try {
    const { size } = statSync(path)
    if (size > mostFileBytes + mostManifestBytes)
      throw damaged(source, `it has ${size} bytes, more than a run file can have`)
    return openRunBytes(readFileSync(path), source)
  } catch (error) {
    throw explained(error, source)
  }
}

/** As `openRunFile`, of bytes that were read already. */
export function openRunBytes(bytes: Uint8Array, source: string): OpenedRun {
  const listed = list(bytes, source)
  const manifest = parseManifest(
    take(bytes, [manifestName], listed, source).get(manifestName) ?? new Uint8Array(),
    source,
  )
  const { run, appVersion, writtenAt } = manifest
  checkParts(manifest.parts, listed, bytes.length, source)
  const parts = take(
    bytes,
    manifest.parts.map(({ path }) => path),
    listed,
    source,
  )
  for (const { path, bytes: length, sha256 } of manifest.parts) {
    const content = parts.get(path)
    const sound = content?.length === length && createHash('sha256').update(content).digest('hex') === sha256
    if (!sound) throw damaged(source, `its part ${path} is damaged`)
  }
  if (run.newest !== null && !parts.has(run.newest)) throw damaged(source, `its newest weights are missing`)
  checkWeights(run, parts, source)
  const steps = decodeSteps(parts.get('journal/steps.bin') ?? new Uint8Array())
  if (!steps) throw damaged(source, 'its part journal/steps.bin is damaged')
  return { run, appVersion, writtenAt, steps, epochs: readEpochs(parts, source), parts }
}

/** Whether a file's first bytes are those of a zip file, and not of a network's JSON. */
export function looksLikeRunFile(start: Uint8Array): boolean {
  return start[0] === 0x50 && start[1] === 0x4b
}

/** Sizes by name, as the archive tells them. */
function list(bytes: Uint8Array, source: string): ReadonlyMap<string, number> {
  const listed = new Map<string, number>()
  if (!looksLikeRunFile(bytes)) throw damaged(source, 'it is not a run of Convscope')
  try {
    unzipSync(bytes, {
      filter({ name, originalSize }) {
        if (listed.has(name)) throw damaged(source, `it holds ${name} twice`)
        listed.set(name, originalSize)
        return false
      },
    })
  } catch (error) {
    if (error instanceof AppError) throw error
    throw damaged(source, `it is cut off or no archive (${toWire(error).message})`, error)
  }
  if (!listed.has(manifestName)) throw damaged(source, 'it is not a run of Convscope')
  if ((listed.get(manifestName) ?? 0) > mostManifestBytes) throw damaged(source, 'its list of parts is too large')
  return listed
}

/** Before anything is unpacked: names that may be written, and sizes that were promised. */
function checkParts(
  parts: readonly { path: string; bytes: number }[],
  listed: ReadonlyMap<string, number>,
  length: number,
  source: string,
): void {
  const promised = new Map(parts.map(({ path, bytes }) => [path, bytes]))
  for (const name of listed.keys()) {
    if (name !== manifestName && !promised.has(name))
      throw damaged(source, `it holds ${name}, which is no part of a run`)
  }
  let total = 0
  for (const [path, bytes] of promised) {
    if (!partName.test(path)) throw damaged(source, `it holds ${path}, which is no part of a run`)
    if (listed.get(path) !== bytes) throw damaged(source, `its part ${path} is damaged`)
    total += bytes
  }
  if (total > Math.max(alwaysAllowed, length * mostGrowth) || total > 2 * mostFileBytes) {
    throw damaged(source, `${length} bytes would become ${total}`)
  }
}

/** fflate unpacks into as many bytes as the archive promises and no more. */
function take(
  bytes: Uint8Array,
  names: readonly string[],
  listed: ReadonlyMap<string, number>,
  source: string,
): Map<string, Uint8Array> {
  const wanted = new Set(names.filter((name) => listed.has(name)))
  try {
    return new Map(Object.entries(unzipSync(bytes, { filter: ({ name }) => wanted.has(name) })))
  } catch (error) {
    throw damaged(source, `it is damaged (${toWire(error).message})`, error)
  }
}

/** Every checkpoint's tensors are the network's, by name and shape. */
function checkWeights(run: PackedRun, parts: ReadonlyMap<string, Uint8Array>, source: string): void {
  const network = requireSound(run.document)
  const expected = network.layers.flatMap(({ node, weights }) =>
    weights.map(({ name, shape }) => `${node.id}.${name} ${shape.join()}`),
  )
  for (const [path, content] of parts) {
    if (!path.endsWith('.safetensors')) continue
    const header = content.subarray(0, safetensorsHeaderLength(content))
    const tensors = describeSafetensors(header, content.length, `${source}: ${path}`)
    if (!path.endsWith(`/${weightsFile}`)) continue
    const found = tensors.map(({ name, shape }) => `${name} ${shape.join()}`)
    if (found.sort().join('\n') !== [...expected].sort().join('\n'))
      throw damaged(source, `${path} does not fit its network`)
  }
}

function readEpochs(parts: ReadonlyMap<string, Uint8Array>, source: string): EpochResult[] {
  const text = new TextDecoder().decode(parts.get('journal/epochs.jsonl') ?? new Uint8Array())
  try {
    const epochs = text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => epochSchema.parse(JSON.parse(line)))
    if (epochs.some(({ epoch }, index) => epoch <= (epochs[index - 1]?.epoch ?? 0)))
      throw new RangeError('out of order')
    return epochs
  } catch (error) {
    throw damaged(source, 'its part journal/epochs.jsonl is damaged', error)
  }
}
