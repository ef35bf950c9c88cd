import { AppError } from '../errors'
import { elementCount } from '../network/shape'
import type { NamedTensor } from './tensors'

/** https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html */
const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]

const bytesPerValue = { '<f4': 4, '<f8': 8, '|u1': 1, '<i8': 8 } as const
type Descr = keyof typeof bytesPerValue

export interface NpyArray extends NamedTensor {
  /** NumPy's name of the type in the file, such as `<f4`. */
  readonly descr: string
}

interface Header {
  readonly descr: string
  readonly fortranOrder: boolean
  readonly shape: readonly number[]
}

/**
 * Reads an array as float32 in row-major order; `<f8` and `<i8` are rounded to the nearest float32. Throws `invalid-input`
 * naming `source` where the file is damaged, of another type, or in Fortran order.
 */
export function readNpy(bytes: Uint8Array, source: string): NpyArray {
  const { header, data } = splitHeader(bytes, source)
  const { descr, fortranOrder, shape } = header
  if (!isDescr(descr)) {
    throw new AppError('invalid-input', `${source} holds values of type ${descr}, which cannot be read.`, {
      fix: 'Save it from NumPy with array.astype("float32").',
      params: { source, descr },
    })
  }
  if (fortranOrder && shape.length > 1) {
    throw new AppError('invalid-input', `${source} is stored in Fortran order.`, {
      fix: 'Save it from NumPy with np.ascontiguousarray(array).',
      params: { source },
    })
  }
  const wanted = elementCount(shape) * bytesPerValue[descr]
  if (data.length !== wanted) {
    throw damaged(source, `an array of shape (${shape.join(', ')}) needs ${wanted} bytes, but ${data.length} follow`)
  }
  return { shape, descr, values: readValues(descr, data) }
}

/** Writes float32 in row-major order, version 1.0. */
export function writeNpy({ shape, values }: NamedTensor): Uint8Array<ArrayBuffer> {
  if (elementCount(shape) !== values.length) {
    throw new AppError('invalid-input', `An array of shape (${shape.join(', ')}) cannot hold ${values.length} values.`)
  }
  // A tuple of one needs its comma.
  const tuple = shape.length === 1 ? `${shape[0]},` : shape.join(', ')
  const dictionary = `{'descr': '<f4', 'fortran_order': False, 'shape': (${tuple}), }`
  const length = Math.ceil((10 + dictionary.length + 1) / 64) * 64
  const bytes = new Uint8Array(length + values.byteLength)
  bytes.set([...magic, 1, 0])
  new DataView(bytes.buffer).setUint16(8, length - 10, true)
  bytes.set(new TextEncoder().encode(`${dictionary.padEnd(length - 11)}\n`), 10)
  bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), length)
  return bytes
}

function splitHeader(bytes: Uint8Array, source: string): { header: Header; data: Uint8Array } {
  if (bytes.length < 12 || magic.some((byte, index) => bytes[index] !== byte)) {
    throw damaged(source, 'it does not begin like one')
  }
  const version = bytes[6] ?? 0
  if (version < 1 || version > 3) throw damaged(source, `it is of version ${version}, which is unknown`)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const begin = version === 1 ? 10 : 12
  const end = begin + (version === 1 ? view.getUint16(8, true) : view.getUint32(8, true))
  if (end > bytes.length) throw damaged(source, 'it ends within its header')
  const text = new TextDecoder(version === 3 ? 'utf-8' : 'latin1').decode(bytes.subarray(begin, end))
  return { header: parseHeader(text, source), data: bytes.subarray(end) }
}

/** The header is a Python dictionary of three known keys. */
function parseHeader(text: string, source: string): Header {
  const descr = /'descr':\s*'([^']*)'/.exec(text)?.[1]
  const order = /'fortran_order':\s*(True|False)/.exec(text)?.[1]
  const sizes = /'shape':\s*\(([\d\s,]*)\)/.exec(text)?.[1]
  if (order === undefined || sizes === undefined) throw damaged(source, 'its header cannot be read')
  if (descr === undefined) {
    throw new AppError('invalid-input', `${source} holds records, not an array of numbers.`, {
      fix: 'Save one plain array.',
      params: { source },
    })
  }
  const shape = sizes
    .split(',')
    .filter((size) => size.trim() !== '')
    .map(Number)
  return { descr, fortranOrder: order === 'True', shape }
}

function readValues(descr: Descr, data: Uint8Array): Float32Array {
  // A copy, so that the values are aligned.
  const { buffer } = new Uint8Array(data)
  switch (descr) {
    case '<f4':
      return new Float32Array(buffer)
    case '<f8':
      return Float32Array.from(new Float64Array(buffer))
    case '|u1':
      return Float32Array.from(data)
    case '<i8':
      return Float32Array.from(new BigInt64Array(buffer), Number)
  }
}

function isDescr(descr: string): descr is Descr {
  return Object.hasOwn(bytesPerValue, descr)
}

function damaged(source: string, what: string): AppError {
  return new AppError('invalid-input', `${source} is not a sound .npy file: ${what}.`, {
    fix: 'Save it again with numpy.save.',
    params: { source, detail: what },
  })
}
