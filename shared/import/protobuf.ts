import { ImportFailure } from './failure'

/**
 * The fields of one protobuf message by their numbers, each as often as it occurs: integers as numbers, fixed 32-bit
 * fields and everything with a length as bytes. https://protobuf.dev/programming-guides/encoding
 */
export type Message = ReadonlyMap<number, readonly (number | Uint8Array)[]>

/** Reads without a schema. Throws `not-onnx` naming `source` where the bytes are no protobuf message. */
export function readMessage(bytes: Uint8Array, source: string): Message {
  const fields = new Map<number, (number | Uint8Array)[]>()
  let at = 0
  function varint(): number {
    let value = 0n
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = bytes[at++]
      if (byte === undefined) throw damaged(source)
      value |= BigInt(byte & 127) << shift
      // Negative numbers are written as 64 bits of two's complement.
      if (byte < 128) return Number(BigInt.asIntN(64, value))
    }
    throw damaged(source)
  }
  function take(length: number): Uint8Array {
    if (length < 0 || at + length > bytes.length) throw damaged(source)
    at += length
    return bytes.subarray(at - length, at)
  }
  while (at < bytes.length) {
    const tag = varint()
    const field = Math.floor(tag / 8)
    if (field < 1) throw damaged(source)
    const values = fields.get(field) ?? []
    fields.set(field, values)
    switch (tag % 8) {
      case 0:
        values.push(varint())
        break
      case 1:
        values.push(take(8))
        break
      case 2:
        values.push(take(varint()))
        break
      case 5:
        values.push(take(4))
        break
      default:
        throw damaged(source)
    }
  }
  return fields
}

export function messagesOf(message: Message, field: number, source: string): Message[] {
  return bytesOf(message, field).map((bytes) => readMessage(bytes, source))
}

export function bytesOf(message: Message, field: number): Uint8Array[] {
  return (message.get(field) ?? []).filter((value) => typeof value !== 'number')
}

export function textsOf(message: Message, field: number): string[] {
  return bytesOf(message, field).map((bytes) => new TextDecoder().decode(bytes))
}

/** Integers, packed or not. */
export function integersOf(message: Message, field: number, source: string): number[] {
  return (message.get(field) ?? []).flatMap((value) => {
    if (typeof value === 'number') return [value]
    // A packed list is a run of varints: read as fields of number 1, tag by tag.
    const tagged: number[] = []
    let start = true
    for (const byte of value) {
      if (start) tagged.push(8)
      tagged.push(byte)
      start = byte < 128
    }
    return (readMessage(Uint8Array.from(tagged), source).get(1) ?? []).filter((one) => typeof one === 'number')
  })
}

/** 32-bit floats, packed or not. */
export function floatsOf(message: Message, field: number): number[] {
  return bytesOf(message, field).flatMap((bytes) => {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    return Array.from({ length: bytes.length >> 2 }, (_, index) => view.getFloat32(4 * index, true))
  })
}

function damaged(source: string): ImportFailure {
  return new ImportFailure('not-onnx', { source })
}
