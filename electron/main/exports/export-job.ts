import { basename, dirname } from 'node:path'
import type { DatasetId } from '../../../shared/data/dataset'
import { AppError } from '../../../shared/errors'
import { bestEpoch, type ExportFormatId, type ExportMoment } from '../../../shared/exports/exports'
import type { ExportJob } from '../../../shared/exports/messages'
import type { NetworkDocument } from '../../../shared/network/document'
import { checkpointFolder } from '../../../shared/training/checkpoint-names'
import { momentOrigin, newestStored, storedMoments } from '../inspect/moments'
import type { RunRecorder } from '../runs/run-recorder'

export interface ExportWish {
  readonly run: string
  readonly format: ExportFormatId
  readonly moment: ExportMoment
  /** A PyTorch project as one zip file. */
  readonly zip: boolean
}

export interface ExportSurroundings {
  readonly recorder: Pick<RunRecorder, 'get' | 'folder' | 'checkpoint' | 'steps'>
  /** Folder of a data set's files; throws where they were not found. */
  readonly dataFolder: (id: DatasetId) => string
  readonly version: string
}

interface Weights {
  /** Null for those that the run's seed draws. */
  readonly file: string | null
  /** The name of their checkpoint's folder. */
  readonly moment: string
}

/**
 * All that an export needs, to be made at `target`. Rejects with `not-found` where the run, or the moment of it, has no
 * weights.
 */
export async function exportJob(
  { run, format, moment, zip }: ExportWish,
  target: string,
  { recorder, dataFolder, version }: ExportSurroundings,
): Promise<{ job: ExportJob; moment: string }> {
  const detail = recorder.get(run)
  const { document, config, name } = detail
  const table = format === 'csv'
  const newest = format === 'pytorch-project' && moment.type === 'last' ? await newestOf(run, recorder) : null
  const weights = table ? { file: null, moment: '' } : (newest ?? (await weightsOf(run, moment, recorder)))
  const job: ExportJob = {
    format,
    document,
    weights: weights.file,
    config,
    metrics: table ? { steps: recorder.steps(run), epochs: detail.epochs } : null,
    project: format === 'pytorch-project' ? { checkpoint: checkpointOf(weights.file, name), zip } : null,
    dataFolder: folderOf(config.dataset, dataFolder),
    target,
    about: { run: name, moment: weights.moment, version },
  }
  return { job, moment: weights.moment }
}

function checkpointOf(weights: string | null, name: string): string {
  if (weights === null) throw noWeights(name, 'A project begins with weights that are kept: choose another moment.')
  return dirname(weights)
}

/** Where the run stood last: to be gone on from, even where early stopping gave the run the weights of an epoch before. */
async function newestOf(run: string, recorder: ExportSurroundings['recorder']): Promise<Weights | null> {
  const folder = recorder.folder(run)
  const moment = await newestStored(folder, recorder.get(run).document)
  const origin = moment && momentOrigin(folder, moment)
  return origin?.type === 'file' ? { file: origin.file, moment: basename(dirname(origin.file)) } : null
}

async function weightsOf(
  run: string,
  moment: ExportMoment,
  recorder: ExportSurroundings['recorder'],
): Promise<Weights> {
  const { document, epochs, name, config } = recorder.get(run)
  if (moment.type === 'last') {
    const file = recorder.checkpoint(run)
    if (file === null) throw noWeights(name, 'They are kept at the end of each epoch.')
    return { file, moment: basename(dirname(file)) }
  }
  const folder = recorder.folder(run)
  const best = () => storedEpochs(folder, document).then((kept) => bestEpoch(epochs, kept, config)?.epoch)
  const epoch = moment.type === 'epoch' ? moment.epoch : await best()
  if (epoch === undefined) throw noWeights(name, 'Export its newest weights instead.')
  const origin = momentOrigin(folder, { type: 'epoch', epoch })
  const file = origin.type === 'file' ? origin.file : null
  return { file, moment: checkpointFolder({ epoch, stepInEpoch: 0 }) }
}

async function storedEpochs(folder: string, document: NetworkDocument): Promise<number[]> {
  const moments = await storedMoments(folder, document)
  return moments.flatMap((moment) => (moment.type === 'epoch' ? [moment.epoch] : []))
}

function noWeights(name: string, fix: string): AppError {
  return new AppError('not-found', `The run "${name}" has no such weights.`, { fix, params: { name } })
}

function folderOf(id: DatasetId, find: (id: DatasetId) => string): string | null {
  try {
    return find(id)
  } catch {
    // The proof is made with noise then, and says so.
    return null
  }
}
