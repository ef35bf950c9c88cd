import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { AppError } from '../../../shared/errors'
import { requireSound } from '../../../shared/network/analyze'
import type { NetworkDocument } from '../../../shared/network/document'
import type { WeightsOrigin } from '../../../shared/inspect/messages'
import { compareMoments, isSameMoment, type StoredMoment } from '../../../shared/inspect/source'
import { checkpointFolder, placeOfFolder, weightsFile } from '../../../shared/training/checkpoint-names'
import { describeWeights } from '../../run-folder/describe-weights'

const start: StoredMoment = { type: 'epoch', epoch: 0 }

/**
 * The moments whose weights lie in a run's folder, whole and of this network, in the training's order. The start is among them
 * where its file is sound, and where there is none. Folders may go while this looks at them; those are no moments.
 */
export async function storedMoments(folder: string, document: NetworkDocument): Promise<StoredMoment[]> {
  const expected = expectedShapes(document)
  const moments = await listMoments(folder)
  const sound = await Promise.all(moments.map((moment) => isSound(folder, moment, expected)))
  return moments.filter((_, at) => sound[at])
}

/** The last of these moments; null where none is left. */
export async function newestStored(folder: string, document: NetworkDocument): Promise<StoredMoment | null> {
  const expected = expectedShapes(document)
  for (const moment of (await listMoments(folder)).reverse()) {
    if (await isSound(folder, moment, expected)) return moment
  }
  return null
}

/** The moment that a file of weights holds; null where it is gone, or in no folder of a checkpoint. */
export function momentOfFile(file: string): StoredMoment | null {
  return existsSync(file) ? momentOfFolder(basename(dirname(file))) : null
}

/** Where to find the weights of a moment. Throws `not-found` naming the file. */
export function momentOrigin(folder: string, moment: StoredMoment): WeightsOrigin {
  const file = momentFile(folder, moment)
  if (existsSync(file)) return { type: 'file', file }
  if (isUnkeptStart(folder, moment)) return { type: 'initial' }
  const { epoch } = moment
  const what = moment.type === 'epoch' ? `epoch ${epoch}` : `epoch ${epoch + 1}, step ${moment.step},`
  throw new AppError('not-found', `The weights of ${what} are not there: ${file} is missing.`, {
    fix: 'Choose another moment of the run.',
    params: { file, epoch },
  })
}

/** By their folders' names alone, in order. */
async function listMoments(folder: string): Promise<StoredMoment[]> {
  const names = await readdir(folder).catch(() => [])
  const moments = names.flatMap((name) => momentOfFolder(name) ?? [])
  if (!moments.some((moment) => isSameMoment(moment, start))) moments.push(start)
  return moments.sort(compareMoments)
}

function momentOfFolder(name: string): StoredMoment | null {
  const place = placeOfFolder(name)
  if (!place) return null
  const { epoch, stepInEpoch } = place
  return stepInEpoch === 0 ? { type: 'epoch', epoch } : { type: 'step', epoch, step: stepInEpoch }
}

/** A run that kept no weights of its start began with those of its seed. */
function isUnkeptStart(folder: string, moment: StoredMoment): boolean {
  return isSameMoment(moment, start) && !existsSync(dirname(momentFile(folder, moment)))
}

function momentFile(folder: string, moment: StoredMoment): string {
  const stepInEpoch = moment.type === 'step' ? moment.step : 0
  return join(folder, checkpointFolder({ epoch: moment.epoch, stepInEpoch }), weightsFile)
}

function expectedShapes(document: NetworkDocument): ReadonlyMap<string, string> {
  const { layers } = requireSound(document)
  return new Map(
    layers.flatMap(({ node, weights }) =>
      weights.map(({ name, shape }) => [`${node.id}.${name}`, shape.join()] as const),
    ),
  )
}

/** Reads the header only: a run has many checkpoints. */
async function isSound(folder: string, moment: StoredMoment, expected: ReadonlyMap<string, string>): Promise<boolean> {
  if (isUnkeptStart(folder, moment)) return true
  const file = momentFile(folder, moment)
  try {
    const shapes = new Map((await describeWeights(file)).map(({ name, shape }) => [name, shape.join()]))
    return [...expected].every(([name, shape]) => shapes.get(name) === shape)
  } catch {
    return false
  }
}
