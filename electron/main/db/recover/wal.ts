import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs'

const headerSize = 32
const frameHeaderSize = 24

/** What a write-ahead log (`-wal`) holds. https://sqlite.org/fileformat2.html#the_write_ahead_log */
export interface WalContent {
  /** Newest committed version of each page: where its bytes begin in the log. */
  readonly pages: ReadonlyMap<number, number>
  readonly pageSize: number
  /** Size of the database in pages after the last commit. */
  readonly pageCount: number
  /**
   * Damaged before its end: SQLite would silently leave out transactions that were complete. A last transaction that is torn
   * is no damage: it was never confirmed.
   */
  readonly damaged: boolean
}

type Checksum = readonly [number, number]

interface Frame {
  readonly page: number
  /** Pages in the database where the frame ends a transaction; else 0. */
  readonly commit: number
  readonly offset: number
}

/**
 * Reads a log frame by frame. Each frame's checksum starts from that of the frame before as stored there, so that every frame can be
 * judged by itself, and those behind a damaged one are not lost. Null where there is no log or nothing in it.
 */
export function readWal(file: string): WalContent | null {
  if (!existsSync(file)) return null
  const handle = openSync(file, 'r')
  try {
    return readFrames(handle, fstatSync(handle).size)
  } finally {
    closeSync(handle)
  }
}

function readFrames(handle: number, size: number): WalContent | null {
  if (size < headerSize + frameHeaderSize) return null
  const head = read(handle, 0, headerSize)
  const first = read(handle, headerSize, frameHeaderSize)
  const littleEndian = (word(head, 0) & 1) === 0
  const soundHead =
    (word(head, 0) | 1) === 0x377f0683 && sameSum(checksum([0, 0], littleEndian, head.subarray(0, 24)), sumAt(head, 24))
  const pageSize = soundHead ? word(head, 8) : 4096
  // Each frame repeats the salt of the header that it was written under; older ones behind the end have another.
  const salt = soundHead ? saltAt(head, 16) : saltAt(first, 8)
  const frames: Frame[] = []
  let commitsAfterBad = 0
  let bad = false
  let before = sumAt(head, 24)
  for (let at = headerSize; at + frameHeaderSize + pageSize <= size; at += frameHeaderSize + pageSize) {
    const frame = read(handle, at, frameHeaderSize + pageSize)
    const own = sumAt(frame, 16)
    const ofThisLog = saltAt(frame, 8) === salt
    const sum = checksum(before, littleEndian, frame.subarray(0, 8), frame.subarray(frameHeaderSize))
    if (ofThisLog && sameSum(sum, own)) {
      frames.push({ page: word(frame, 0), commit: word(frame, 4), offset: at + frameHeaderSize })
      if (bad && word(frame, 4) > 0) commitsAfterBad += 1
    } else {
      bad = true
    }
    before = own
  }
  const last = frames.findLastIndex(({ commit }) => commit > 0)
  const committed = frames.slice(0, last + 1)
  if (committed.length === 0) return null
  return {
    pages: new Map(committed.map(({ page, offset }) => [page, offset])),
    pageSize,
    pageCount: committed[last]?.commit ?? 0,
    damaged: !soundHead || commitsAfterBad > 1,
  }
}

function read(handle: number, at: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length)
  readSync(handle, bytes, 0, length, at)
  return bytes
}

function word(bytes: Uint8Array, at: number): number {
  return new DataView(bytes.buffer, bytes.byteOffset).getUint32(at)
}

function sumAt(bytes: Uint8Array, at: number): Checksum {
  return [word(bytes, at), word(bytes, at + 4)]
}

function saltAt(bytes: Uint8Array, at: number): string {
  return `${word(bytes, at)} ${word(bytes, at + 4)}`
}

function sameSum(a: Checksum, b: Checksum): boolean {
  return a[0] === b[0] && a[1] === b[1]
}

function checksum(start: Checksum, littleEndian: boolean, ...parts: readonly Uint8Array[]): Checksum {
  let [a, b] = start
  for (const part of parts) {
    const view = new DataView(part.buffer, part.byteOffset, part.byteLength)
    for (let at = 0; at + 8 <= part.length; at += 8) {
      a = (a + view.getUint32(at, littleEndian) + b) >>> 0
      b = (b + view.getUint32(at + 4, littleEndian) + a) >>> 0
    }
  }
  return [a, b]
}
