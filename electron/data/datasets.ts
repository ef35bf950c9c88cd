import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { catalogue } from '../../shared/data/catalogue'
import type { Dataset, DatasetId, LabelledImages, Split } from '../../shared/data/dataset'
import { joinIdx } from '../../shared/data/idx'
import { AppError, toWire } from '../../shared/errors'
import { formatShape } from '../../shared/network/shape'
import { allFileNames, fileHashes, fileNames, fileSizes } from './dataset-files'
import { findDataset, findFile } from './find-dataset'

/** Larger than any file of a data set: what unpacks to more is not one. */
const longestFile = 256 * 1024 * 1024

/**
 * Both splits of a data set, from `folder` or wherever it is found. The pictures are views of the files' bytes: MNIST takes
 * 55 MB and no more. Throws `data-missing`, or `data-corrupt` naming the file.
 */
export function loadDataset(id: DatasetId, folder: string = findDataset(id).folder): Dataset {
  return { info: catalogue[id], train: loadSplit(id, 'train', folder), test: loadSplit(id, 'test', folder) }
}

/** One split; the same errors. */
export function loadSplit(id: DatasetId, split: Split, folder: string = findDataset(id).folder): LabelledImages {
  const { shape, classes } = catalogue[id]
  const images = readDataFile(id, folder, fileNames[split].images)
  const labels = readDataFile(id, folder, fileNames[split].labels)
  const loaded = joinIdx(images, labels, classes.length)
  if (formatShape(loaded.shape) !== formatShape(shape)) {
    throw corrupt(images.source, `its pictures are ${formatShape(loaded.shape)}, not ${formatShape(shape)}`)
  }
  if (loaded.count === 0) throw corrupt(images.source, 'it holds no pictures')
  return loaded
}

export interface FileCheck {
  readonly file: string
  /** Unpacked. */
  readonly bytes: number
  readonly sha256: string
}

/**
 * Compares the four files with the published ones, byte for byte (a second for MNIST). Throws `data-missing`, or
 * `data-corrupt` naming the first file that differs.
 */
export function verifyDataset(id: DatasetId, folder: string = findDataset(id).folder): FileCheck[] {
  return allFileNames.map((name) => {
    const { bytes, source } = readDataFile(id, folder, name)
    if (bytes.length !== fileSizes[name]) {
      throw corrupt(source, `it has ${bytes.length} bytes, the published one ${fileSizes[name]}`)
    }
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    if (sha256 !== fileHashes[id][name]) throw corrupt(source, 'it differs from the published one')
    return { file: source, bytes: bytes.length, sha256 }
  })
}

function readDataFile(id: DatasetId, folder: string, name: string): { bytes: Uint8Array; source: string } {
  const source = findFile(folder, name)
  if (source === null) {
    throw new AppError('data-missing', `${catalogue[id].title} lacks the file ${name} in ${folder}.`, {
      fix: 'Put the file there, or let CONVSCOPE_DATA name another folder.',
      params: { dataset: id, file: name, folder },
    })
  }
  const packed = readBytes(source)
  const bytes = source.endsWith('.gz') ? unpack(packed, source) : packed
  // Not Node's Buffer, whose `slice` makes no copy.
  return { bytes: new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength), source }
}

function readBytes(file: string): Buffer {
  try {
    return readFileSync(file)
  } catch (error) {
    throw new AppError(toWire(error).kind, `The data file ${file} cannot be read: ${toWire(error).message}`, {
      fix: 'Make the file readable.',
      params: { source: file },
      cause: error,
    })
  }
}

function unpack(packed: Buffer, source: string): Buffer {
  try {
    return gunzipSync(packed, { maxOutputLength: longestFile })
  } catch (error) {
    throw corrupt(source, `it cannot be unpacked (${toWire(error).message})`, error)
  }
}

function corrupt(source: string, what: string, cause?: unknown): AppError {
  return new AppError('data-corrupt', `The data file ${source} is damaged: ${what}.`, {
    fix: 'Delete it and get it again.',
    params: { source, detail: what },
    ...(cause === undefined ? {} : { cause }),
  })
}
