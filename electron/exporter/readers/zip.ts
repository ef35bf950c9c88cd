import { inflateRawSync } from 'node:zlib'

const endSignature = 0x06054b50
const entrySignature = 0x02014b50

/**
 * The files of a zip archive by their names, found through its directory, each checked against its checksum. Apart from the
 * library that writes them. https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
 */
export function parseZip(bytes: Uint8Array): ReadonlyMap<string, Uint8Array<ArrayBuffer>> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let end = bytes.length - 22
  while (end >= 0 && view.getUint32(end, true) !== endSignature) end -= 1
  if (end < 0) throw new Error('it is no zip archive')
  const files = new Map<string, Uint8Array<ArrayBuffer>>()
  let at = view.getUint32(end + 16, true)
  for (let left = view.getUint16(end + 10, true); left > 0; left--) {
    if (view.getUint32(at, true) !== entrySignature) throw new Error('its directory is damaged')
    const [nameLength, extra, comment] = [28, 30, 32].map((offset) => view.getUint16(at + offset, true))
    const name = Buffer.from(bytes.subarray(at + 46, at + 46 + (nameLength ?? 0))).toString('utf8')
    files.set(name, contentOf(bytes, view, at, name))
    at += 46 + (nameLength ?? 0) + (extra ?? 0) + (comment ?? 0)
  }
  return files
}

function contentOf(bytes: Uint8Array, view: DataView, entry: number, name: string): Uint8Array<ArrayBuffer> {
  const local = view.getUint32(entry + 42, true)
  const begin = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true)
  const packed = bytes.subarray(begin, begin + view.getUint32(entry + 20, true))
  const method = view.getUint16(entry + 10, true)
  if (method !== 0 && method !== 8) throw new Error(`"${name}" is packed by the unknown method ${method}`)
  const content = Uint8Array.from(method === 0 ? packed : inflateRawSync(packed))
  if (content.length !== view.getUint32(entry + 24, true) || crc32(content) !== view.getUint32(entry + 16, true)) {
    throw new Error(`"${name}" is damaged`)
  }
  return content
}

const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1
  return value
})

function crc32(bytes: Uint8Array): number {
  let value = 0xffffffff
  for (const byte of bytes) value = (value >>> 8) ^ (table[(value ^ byte) & 255] ?? 0)
  return ~value >>> 0
}
