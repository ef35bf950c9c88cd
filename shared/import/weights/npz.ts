import { unzipSync } from 'fflate'
import { toWire } from '../../errors'
import { readNpy } from '../../formats/npy'
import type { NamedTensor } from '../../formats/tensors'
import { WeightFileFailure } from './failure'

/** All arrays together, unpacked: what a small packed file may become. */
export const mostNpzBytes = 4 * 2 ** 30

export interface NpzArrays {
  /** In the archive's order. */
  readonly arrays: ReadonlyMap<string, NamedTensor>
  /** Entries that are no arrays of numbers that we read, and why. */
  readonly unread: readonly { readonly name: string; readonly reason: string }[]
}

/**
 * Arrays of a NumPy archive (`numpy.savez`), by their names without `.npy`. Nothing in it is run: arrays of Python objects are
 * passed over. Throws a `WeightFileFailure` where the archive is damaged or would become too large.
 */
export function readNpz(bytes: Uint8Array, source: string, most = mostNpzBytes): NpzArrays {
  let total = 0
  const entries = open(bytes, source, ({ name, originalSize }) => {
    total += originalSize
    if (total > most) throw new WeightFileFailure('too-large', { source, size: total, most })
    return name.endsWith('.npy')
  })
  const arrays = new Map<string, NamedTensor>()
  const unread: { name: string; reason: string }[] = []
  for (const [file, content] of Object.entries(entries)) {
    const name = file.slice(0, -'.npy'.length)
    try {
      const { shape, values } = readNpy(content, `${source}/${file}`)
      arrays.set(name, { shape, values })
    } catch (error) {
      unread.push({ name, reason: toWire(error).message })
    }
  }
  return { arrays, unread }
}

/** Names in a zip file, without unpacking any. */
export function namesInZip(bytes: Uint8Array, source: string): string[] {
  const names: string[] = []
  open(bytes, source, ({ name }) => {
    names.push(name)
    return false
  })
  return names
}

function open(
  bytes: Uint8Array,
  source: string,
  filter: (file: { name: string; originalSize: number }) => boolean,
): Readonly<Record<string, Uint8Array>> {
  try {
    return unzipSync(bytes, { filter })
  } catch (error) {
    if (error instanceof WeightFileFailure) throw error
    throw new WeightFileFailure('damaged', { source, detail: toWire(error).message }, error)
  }
}
