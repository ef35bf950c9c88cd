import { describe, expect, it } from 'vitest'
import { AppError } from '../errors'
import { joinIdx, parseIdxImages, parseIdxLabels } from './idx'

/** An IDX file of unsigned bytes. */
function idx(sizes: number[], values: number[], magic = 0x0800 + sizes.length): Uint8Array {
  const bytes = new Uint8Array(4 + 4 * sizes.length + values.length)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, magic)
  sizes.forEach((size, axis) => view.setUint32(4 + 4 * axis, size))
  bytes.set(values, 4 + 4 * sizes.length)
  return bytes
}

const pictures = idx([2, 1, 3], [1, 2, 3, 4, 5, 6])
const labels = idx([2], [9, 0])

describe('IDX files', () => {
  it('are read without a copy', () => {
    const images = parseIdxImages(pictures, 'images')
    expect(images).toEqual({ count: 2, shape: [1, 3, 1], images: Uint8Array.of(1, 2, 3, 4, 5, 6) })
    expect(images.images.buffer).toBe(pictures.buffer)
    expect(parseIdxLabels(labels, 'labels')).toEqual(Uint8Array.of(9, 0))
  })

  it('are joined', () => {
    const joined = joinIdx({ bytes: pictures, source: 'images' }, { bytes: labels, source: 'labels' })
    expect(joined.count).toBe(2)
    expect(joined.labels).toEqual(Uint8Array.of(9, 0))
  })

  it.each([
    ['an empty file', new Uint8Array(0), 'within its header'],
    ['a cut header', pictures.slice(0, 10), 'ends after 10 bytes'],
    ['labels in place of pictures', labels, 'within its header'],
    ['another magic number', idx([2, 1, 3], [1, 2, 3, 4, 5, 6], 0x1f8b0808), '0x1f8b0808, not 0x00000803'],
    ['a cut end', pictures.slice(0, -2), '6 bytes are promised, 4 are there'],
    ['bytes behind', idx([2, 1, 3], [1, 2, 3, 4, 5, 6, 7]), '1 bytes follow'],
    ['sizes beyond all measure', idx([0xffffffff, 0xffffffff, 0xffffffff], []), 'cut off'],
    ['empty pictures', idx([2, 0, 3], []), 'pictures are 0 × 3'],
  ])('pictures: %s', (_what, bytes, message) => {
    expect(() => parseIdxImages(bytes, 'train-images')).toThrow(AppError)
    expect(() => parseIdxImages(bytes, 'train-images')).toThrow('train-images')
    expect(() => parseIdxImages(bytes, 'train-images')).toThrow(message)
  })

  it('names the first label that is no class', () => {
    expect(() => parseIdxLabels(idx([3], [1, 10, 11]), 'train-labels')).toThrow(
      'The data file train-labels is damaged: label 1 is 10, but there are 10 classes.',
    )
  })

  it('names both files where the counts differ', () => {
    const three = idx([3], [1, 2, 3])
    expect(() => joinIdx({ bytes: pictures, source: 'images' }, { bytes: three, source: 'labels' })).toThrow(
      'labels is damaged: it has 3 labels, but images has 2 pictures',
    )
  })
})
