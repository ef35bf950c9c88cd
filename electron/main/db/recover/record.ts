/** A value as SQLite stores it; `undefined` where its bytes are gone. */
export type StoredValue = number | string | Uint8Array | null | undefined

export interface Varint {
  readonly value: number
  /** Offset of the byte behind it. */
  readonly end: number
}

/** SQLite's variable-length integer; null where it does not fit into `bytes`. Exact up to 2^53. */
export function readVarint(bytes: Uint8Array, at: number): Varint | null {
  let value = 0
  for (let index = 0; index < 9; index++) {
    const byte = bytes[at + index]
    if (byte === undefined) return null
    if (index === 8) return { value: value * 256 + byte, end: at + 9 }
    value = value * 128 + (byte & 0x7f)
    if (byte < 0x80) return { value, end: at + index + 1 }
  }
  return null
}

const integerSizes = [0, 1, 2, 3, 4, 6, 8]
const strictText = new TextDecoder('utf-8', { fatal: true })

/** Bytes of a value of this serial type; null for a type that no file has. */
function sizeOf(type: number): number | null {
  if (type <= 6) return integerSizes[type] ?? null
  if (type === 7) return 8
  if (type === 8 || type === 9) return 0
  return type >= 12 ? Math.floor((type - 12) / 2) : null
}

/**
 * The values of a record of `size` bytes, of which `payload` holds the first ones (all of them, where nothing is lost). Null
 * where these bytes cannot be a record: its header must add up to exactly `size`. https://sqlite.org/fileformat2.html#record_format
 */
export function decodeRecord(payload: Uint8Array, size: number): StoredValue[] | null {
  const header = readVarint(payload, 0)
  if (!header || header.value < header.end || header.value > payload.length) return null
  const types: number[] = []
  let at = header.end
  let total = header.value
  while (at < header.value) {
    const type = readVarint(payload, at)
    const bytes = type && sizeOf(type.value)
    if (!type || bytes === null || type.end > header.value) return null
    types.push(type.value)
    total += bytes
    at = type.end
  }
  if (total !== size || types.length === 0) return null
  return types.map((type) => {
    const start = at
    at += sizeOf(type) ?? 0
    return at <= payload.length ? decodeValue(payload.subarray(start, at), type) : undefined
  })
}

function decodeValue(bytes: Uint8Array, type: number): StoredValue {
  if (type === 0) return null
  if (type === 8 || type === 9) return type - 8
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (type === 7) return view.getFloat64(0)
  if (type === 6) return Number(view.getBigInt64(0))
  if (type < 6) {
    const unsigned = bytes.reduce((sum, byte) => sum * 256 + byte, 0)
    const range = 256 ** bytes.length
    return unsigned >= range / 2 ? unsigned - range : unsigned
  }
  if (type % 2 === 0) return bytes.slice()
  try {
    return strictText.decode(bytes)
  } catch {
    // Bytes that are no text were damaged.
    return undefined
  }
}
