/**
 * Writes one protobuf message field by field, in parts, so that weights are not copied for each message around them.
 * https://protobuf.dev/programming-guides/encoding
 */
export class MessageWriter {
  private readonly written: Uint8Array[] = []
  /** Of all fields, in bytes. */
  length = 0

  /** A whole number, negative ones as 64 bits of two's complement. */
  integer(field: number, value: number): this {
    return this.add(varint(field * 8), varint(value))
  }

  /** 32 bits. */
  float(field: number, value: number): this {
    return this.add(varint(field * 8 + 5), new Uint8Array(Float32Array.of(value).buffer))
  }

  text(field: number, value: string): this {
    return this.bytes(field, new TextEncoder().encode(value))
  }

  bytes(field: number, value: Uint8Array): this {
    return this.add(varint(field * 8 + 2), varint(value.length), value)
  }

  message(field: number, value: MessageWriter): this {
    return this.add(varint(field * 8 + 2), varint(value.length), ...value.written)
  }

  /** Whole numbers one behind the other, in one field. */
  integers(field: number, values: readonly number[]): this {
    const parts = values.map(varint)
    const length = parts.reduce((sum, part) => sum + part.length, 0)
    return this.add(varint(field * 8 + 2), varint(length), ...parts)
  }

  parts(): readonly Uint8Array[] {
    return this.written
  }

  private add(...parts: readonly Uint8Array[]): this {
    for (const part of parts) this.length += part.length
    // One by one: a spread of many parts would run out of stack.
    for (const part of parts) this.written.push(part)
    return this
  }
}

function varint(value: number): Uint8Array {
  const bytes: number[] = []
  let rest = BigInt.asUintN(64, BigInt(value))
  while (rest > 127n) {
    bytes.push(Number(rest & 127n) | 128)
    rest >>= 7n
  }
  bytes.push(Number(rest))
  return Uint8Array.from(bytes)
}
