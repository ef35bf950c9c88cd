import { open, readdir } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { AppError } from '../../../shared/errors'
import { describeSafetensors, safetensorsHeaderLength } from '../../../shared/formats/safetensors'
import { requireSound } from '../../../shared/network/analyze'
import type { NetworkDocument } from '../../../shared/network/document'
import type { WeightsOrigin } from '../../../shared/inspect/messages'
import { checkpointFolder, epochOfFolder, weightsFile } from '../../../shared/training/checkpoint-names'

/**
 * The epochs whose weights lie in a run's folder, whole and of this network, ascending. 0 is among them where its file is
 * sound, and where there is none: a run that kept no weights of its start began with those of its seed.
 */
export async function storedEpochs(folder: string, document: NetworkDocument): Promise<number[]> {
  const expected = expectedShapes(document)
  const names = await readdir(folder).catch(() => [])
  const epochs = names.flatMap((name) => epochOfFolder(name) ?? [])
  const sound = await Promise.all(epochs.map((epoch) => isSound(epochFile(folder, epoch), expected)))
  const found = epochs.filter((_, at) => sound[at])
  if (!epochs.includes(0)) found.push(0)
  return found.sort((a, b) => a - b)
}

/** Where to find the weights at the end of an epoch. Throws `not-found` naming the file. */
export function epochOrigin(folder: string, epoch: number): WeightsOrigin {
  const file = epochFile(folder, epoch)
  if (existsSync(file)) return { type: 'file', file }
  if (epoch === 0 && !existsSync(join(folder, checkpointFolder({ epoch, stepInEpoch: 0 })))) return { type: 'initial' }
  throw new AppError('not-found', `The weights of epoch ${epoch} are not there: ${file} is missing.`, {
    fix: 'Choose another moment of the run.',
    params: { file, epoch },
  })
}

function epochFile(folder: string, epoch: number): string {
  return join(folder, checkpointFolder({ epoch, stepInEpoch: 0 }), weightsFile)
}

function expectedShapes(document: NetworkDocument): ReadonlyMap<string, string> {
  const { layers } = requireSound(document)
  return new Map(
    layers.flatMap(({ node, weights }) =>
      weights.map(({ name, shape }) => [`${node.id}.${name}`, shape.join()] as const),
    ),
  )
}

/** Reads the header only: a run has many epochs. */
async function isSound(file: string, expected: ReadonlyMap<string, string>): Promise<boolean> {
  try {
    const handle = await open(file)
    try {
      const { size } = await handle.stat()
      const start = new Uint8Array(8)
      await handle.read(start, 0, 8, 0)
      const header = new Uint8Array(Math.min(size, safetensorsHeaderLength(start)))
      await handle.read(header, 0, header.length, 0)
      const shapes = new Map(describeSafetensors(header, size, file).map(({ name, shape }) => [name, shape.join()]))
      return [...expected].every(([name, shape]) => shapes.get(name) === shape)
    } finally {
      await handle.close()
    }
  } catch {
    return false
  }
}
