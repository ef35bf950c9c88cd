import { mkdir, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { ArchiveWatch, OpenedFile, OpenJob } from '../archives'
import { AppError, toWire } from '../../../shared/errors'
import { damaged, manifestName, parseManifest, partName, type Manifest, type PackedRun } from './manifest'
import { requireSound } from '../../../shared/network/analyze'
import { weightsFile } from '../../../shared/training/checkpoint-names'
import { describeWeights } from '../../run-folder/describe-weights'
import { openZip, type OpenZip } from '../zip/read-zip'
import { readMetrics } from './metrics'

/** Metrics get smaller by packing, tensors are not packed: what claims more is made to fill a disk. */
const mostGrowth = 100
const alwaysAllowed = 64 * 2 ** 20
const mostManifestBytes = 64 * 2 ** 20

/**
 * Unpacks a run file into a new folder and checks everything in it; the folder is gone again where something is wrong. Throws
 * `not-found`, `unsupported-version`, `file-corrupt` that says what is wrong with the file, `disk-full`, or `cancelled`.
 */
export async function openRunFile({ file, into, taken }: OpenJob, watch: ArchiveWatch): Promise<OpenedFile> {
  let zip: OpenZip | null = null
  try {
    zip = await openZip(file)
    const manifest = await readManifest(zip)
    const { run, appVersion, writtenAt } = manifest
    if (taken.includes(run.id)) return { type: 'exists', id: run.id }
    checkParts(manifest, zip)
    const parts = manifest.parts.map(({ path, bytes, sha256 }) => ({ name: path, size: bytes, sha256 }))
    await mkdir(into, { recursive: true })
    await zip.extract(parts, into, watch)
    await checkWeights(run, manifest.parts, into)
    readMetrics(into)
    return { type: 'opened', run, appVersion, writtenAt }
  } catch (error) {
    await rm(into, { recursive: true, force: true })
    if (watch.signal?.aborted) throw new AppError('cancelled', 'Opening the file was cancelled.')
    throw explained(error, basename(file))
  } finally {
    zip?.close()
  }
}

async function readManifest(zip: OpenZip): Promise<Manifest> {
  const size = zip.sizes.get(manifestName)
  if (size === undefined) throw damaged('it is not a run of Convscope')
  if (size > mostManifestBytes) throw damaged('its list of parts is too large')
  return parseManifest(await zip.read(manifestName))
}

/** Before anything is unpacked: names that may be written, and sizes that were promised. */
function checkParts({ run, parts }: Manifest, { sizes, bytes: length }: OpenZip): void {
  const promised = new Map(parts.map(({ path, bytes }) => [path, bytes]))
  for (const [name, size] of sizes) {
    // What was gone when its turn to be packed came is an empty entry that no list names.
    if (name === manifestName || promised.has(name) || (size === 0 && partName.test(name))) continue
    throw damaged(`it holds ${name}, which is no part of a run`)
  }
  let total = 0
  for (const [path, bytes] of promised) {
    if (!partName.test(path)) throw damaged(`it holds ${path}, which is no part of a run`)
    if (sizes.get(path) !== bytes) throw damaged(`its part ${path} is damaged`)
    total += bytes
  }
  if (promised.size !== parts.length) throw damaged('its list names a part twice')
  if (total > Math.max(alwaysAllowed, length * mostGrowth)) throw damaged(`${length} bytes would become ${total}`)
  if (run.newest !== null && !promised.has(run.newest)) throw damaged('its newest weights are missing')
}

/** Every checkpoint's tensors are the network's, by name and shape. */
async function checkWeights(run: PackedRun, parts: Manifest['parts'], folder: string): Promise<void> {
  const network = requireSound(run.document)
  const expected = network.layers
    .flatMap(({ node, weights }) => weights.map(({ name, shape }) => `${node.id}.${name} ${shape.join()}`))
    .sort()
    .join('\n')
  for (const { path } of parts) {
    if (!path.endsWith('.safetensors')) continue
    const tensors = await describeWeights(join(folder, path), path).catch((error: unknown) => {
      throw damaged(toWire(error).message, error)
    })
    if (!path.endsWith(`/${weightsFile}`)) continue
    const found = tensors.map(({ name, shape }) => `${name} ${shape.join()}`)
    if (found.sort().join('\n') !== expected) throw damaged(`${path} does not fit its network`)
  }
}

/** Names the file. What zip readers throw has no code: the file is not what it should be. */
function explained(error: unknown, source: string): AppError {
  const { kind, message, fix, params } = toWire(error)
  const foreign = kind === 'internal'
  const shown = foreign || kind === 'invalid-network' ? 'file-corrupt' : kind
  const detail = foreign ? `it is cut off or no archive (${message})` : message
  return new AppError(shown, `${source} cannot be opened: ${detail}`, {
    fix: shown === 'file-corrupt' ? 'Nothing of it was taken over. Have the file written or sent again.' : fix,
    params: { ...params, source, detail },
    cause: error,
  })
}
