import { AppError } from '../errors'
import { elementCount } from '../network/shape'
import { halfToNumber } from './float16'
import type { NamedTensor, NamedTensors } from './tensors'

/** https://github.com/huggingface/safetensors#format: 8 bytes of header length, a JSON header, then the tensors' bytes. */
export interface SafetensorsFile {
  readonly tensors: NamedTensors
  readonly metadata: Readonly<Record<string, string>>
}

/** Larger headers are refused, as the reference implementation does. */
const longestHeader = 100_000_000

const bytesPerValue = { F64: 8, F32: 4, F16: 2, BF16: 2, I64: 8 } as const
type Dtype = keyof typeof bytesPerValue

interface Entry {
  readonly name: string
  readonly dtype: Dtype
  readonly shape: readonly number[]
  readonly begin: number
  readonly end: number
}

/**
 * Reads all tensors as float32. F16 and BF16 are exact; F64 and I64 (PyTorch's `num_batches_tracked`) are rounded to the
 * nearest float32. Throws `invalid-input` naming `source` and the tensor where the file is damaged, or holds another type
 * or a number too large for float32.
 */
export function readSafetensors(bytes: Uint8Array, source: string): SafetensorsFile {
  const { header, data } = splitHeader(bytes, source)
  const { __metadata__: metadata, ...described } = header
  const entries = Object.entries(described).map(([name, value]) => readEntry(name, value, source))
  checkCoverage(entries, data.length, source)
  const tensors = new Map(
    entries.map((entry) => [entry.name, { shape: entry.shape, values: readValues(entry, data, source) }]),
  )
  return { tensors, metadata: readMetadata(metadata, source) }
}

export interface DescribedTensor {
  readonly name: string
  readonly shape: readonly number[]
}

/** Bytes of the header, with the eight that give its length, of a file that begins with `start`. */
export function safetensorsHeaderLength(start: Uint8Array): number {
  if (start.length < 8) return 8
  const length = new DataView(start.buffer, start.byteOffset, start.byteLength).getBigUint64(0, true)
  return 8 + Number(length > BigInt(longestHeader) ? longestHeader : length)
}

/**
 * The tensors of a file of `length` bytes, from its header alone. Throws `invalid-input` as `readSafetensors` does, also where
 * the file is too short or too long for what the header says.
 */
export function describeSafetensors(header: Uint8Array, length: number, source: string): DescribedTensor[] {
  const { header: parsed, dataLength } = parseHeader(header, length, source)
  const { __metadata__: _, ...described } = parsed
  const entries = Object.entries(described).map(([name, value]) => readEntry(name, value, source))
  checkCoverage(entries, dataLength, source)
  return entries.map(({ name, shape }) => ({ name, shape }))
}

/**
 * Writes tensors as F32, in the map's order. The data begins at a multiple of 8 bytes. `format: pt` in the metadata lets
 * Hugging Face's tools take the file for PyTorch's. Throws `invalid-input` where values and shape disagree.
 */
export function writeSafetensors(
  tensors: NamedTensors,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array<ArrayBuffer> {
  const header: Record<string, unknown> = { __metadata__: { format: 'pt', ...metadata } }
  let length = 0
  for (const [name, { shape, values }] of tensors) {
    if (elementCount(shape) !== values.length) {
      throw new AppError('invalid-input', `The tensor "${name}" has ${values.length} values, not ${shape.join(' × ')}.`)
    }
    header[name] = { dtype: 'F32', shape, data_offsets: [length, length + values.byteLength] }
    length += values.byteLength
  }
  const text = new TextEncoder().encode(JSON.stringify(header))
  const headerLength = Math.ceil(text.length / 8) * 8
  const bytes = new Uint8Array(8 + headerLength + length)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(headerLength), true)
  bytes.fill(0x20, 8, 8 + headerLength)
  bytes.set(text, 8)
  let at = 8 + headerLength
  for (const { values } of tensors.values()) {
    // Little-endian, like every machine that this runs on.
    bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), at)
    at += values.byteLength
  }
  return bytes
}

function splitHeader(bytes: Uint8Array, source: string): { header: Record<string, unknown>; data: Uint8Array } {
  const { header, dataLength } = parseHeader(bytes, bytes.length, source)
  return { header, data: bytes.subarray(bytes.length - dataLength) }
}

/** `bytes` are the beginning of a file of `length` bytes, at least its header. */
function parseHeader(
  bytes: Uint8Array,
  length: number,
  source: string,
): { header: Record<string, unknown>; dataLength: number } {
  if (length < 8 || bytes.length < 8) throw damaged(source, `it has only ${length} bytes`)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const claimed = view.getBigUint64(0, true)
  if (claimed > BigInt(Math.min(length - 8, longestHeader))) {
    throw damaged(source, `its header claims ${claimed} bytes, but the file has ${length}`)
  }
  const end = 8 + Number(claimed)
  const header = parseJson(bytes.subarray(8, end), source)
  if (!isRecord(header)) throw damaged(source, 'its header is not a JSON object')
  return { header, dataLength: length - end }
}

function parseJson(bytes: Uint8Array, source: string): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (error) {
    throw damaged(source, 'its header is not JSON', error)
  }
}

function readMetadata(value: unknown, source: string): Record<string, string> {
  if (value === undefined) return {}
  if (!isRecord(value)) throw damaged(source, 'its __metadata__ is not an object')
  const entries = Object.entries(value).map(([key, text]): [string, string] => {
    if (typeof text !== 'string') throw damaged(source, `its __metadata__ holds "${key}", which is not a text`)
    return [key, text]
  })
  return Object.fromEntries(entries)
}

function readEntry(name: string, value: unknown, source: string): Entry {
  const of = `the tensor "${name}"`
  if (!isRecord(value)) throw damaged(source, `${of} is not described by an object`)
  const { dtype, shape, data_offsets: offsets } = value
  if (!isCounts(shape)) throw damaged(source, `${of} has no valid shape`)
  if (!isCounts(offsets) || offsets.length !== 2) throw damaged(source, `${of} has no valid data_offsets`)
  if (!isDtype(dtype)) {
    throw new AppError('invalid-input', `${source}: ${of} is of type ${String(dtype)}, which cannot be read.`, {
      fix: `Save it as one of ${Object.keys(bytesPerValue).join(', ')}; in PyTorch: tensor.float().`,
      params: { source, tensor: name },
    })
  }
  const [begin = 0, end = 0] = offsets
  const wanted = elementCount(shape) * bytesPerValue[dtype]
  if (end - begin !== wanted) {
    throw damaged(
      source,
      `${of} of shape [${shape.join(', ')}] and type ${dtype} needs ${wanted} bytes, not ${end - begin}`,
    )
  }
  return { name, dtype, shape, begin, end }
}

/** The tensors' bytes must follow each other without overlap or gap, and end with the file. */
function checkCoverage(entries: readonly Entry[], length: number, source: string): void {
  let at = 0
  for (const { name, begin, end } of [...entries].sort((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (begin < at) throw damaged(source, `the tensor "${name}" overlaps another`)
    if (begin > at) throw damaged(source, `${begin - at} bytes before the tensor "${name}" belong to no tensor`)
    if (end > length) throw damaged(source, `the tensor "${name}" ends ${end - length} bytes after the file does`)
    at = end
  }
  if (at < length) throw damaged(source, `${length - at} bytes at its end belong to no tensor`)
}

function readValues(entry: Entry, data: Uint8Array, source: string): NamedTensor['values'] {
  const { dtype, begin, end } = entry
  // A copy (Node's Buffer.slice would be none): it is aligned, and does not keep the whole file in memory.
  const { buffer } = new Uint8Array(data.subarray(begin, end))
  switch (dtype) {
    case 'F32':
      return new Float32Array(buffer)
    case 'F16':
      return Float32Array.from(new Uint16Array(buffer), halfToNumber)
    case 'BF16': {
      const wide = Uint32Array.from(new Uint16Array(buffer), (bits) => bits << 16)
      return new Float32Array(wide.buffer)
    }
    case 'F64':
      return toFloat32(new Float64Array(buffer), entry.name, source)
    case 'I64':
      return toFloat32(Float64Array.from(new BigInt64Array(buffer), Number), entry.name, source)
  }
}

function toFloat32(wide: Float64Array, name: string, source: string): Float32Array {
  const narrow = Float32Array.from(wide)
  const lost = narrow.findIndex((value, index) => !Number.isFinite(value) && Number.isFinite(wide[index]))
  if (lost >= 0) throw damaged(source, `the tensor "${name}" holds ${wide[lost]}, which is too large for float32`)
  return narrow
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((n) => Number.isSafeInteger(n) && n >= 0)
}

function isDtype(value: unknown): value is Dtype {
  return typeof value === 'string' && Object.hasOwn(bytesPerValue, value)
}

function damaged(source: string, what: string, cause?: unknown): AppError {
  return new AppError('invalid-input', `${source} is not a sound safetensors file: ${what}.`, {
    fix: 'Save the weights again, or choose another file.',
    params: { source, detail: what },
    ...(cause === undefined ? {} : { cause }),
  })
}
