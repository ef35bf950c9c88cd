import type { Pages } from './pages'
import { decodeRecord, readVarint, type StoredValue } from './record'

/** Types of b-tree pages; rows of tables WITHOUT ROWID lie in those of indices, inner ones too. */
export const pageTypes = { indexInner: 0x02, tableInner: 0x05, indexLeaf: 0x0a, tableLeaf: 0x0d } as const

export interface Cell {
  /** Null in an index. */
  readonly rowid: number | null
  readonly values: readonly StoredValue[]
  readonly child: number | null
  /** Where it lies in its page. */
  readonly start: number
  readonly end: number
}

export interface BtreePage {
  readonly type: number
  /** In the page's order. */
  readonly cells: readonly Cell[]
  /** Found in the page without a pointer that leads to them, where pointers or their count are damaged; in any order. */
  readonly hidden: readonly Cell[]
  /** Pages below, where the type has any. */
  readonly children: readonly number[]
  /** Everything in it fits together. */
  readonly sound: boolean
}

/**
 * Reads a page as one of `type`, which may be another than its own where that is damaged. Null where its cell pointers cannot
 * be. https://sqlite.org/fileformat2.html#b_tree_pages
 */
export function readBtreePage(pages: Pages, number: number, bytes: Uint8Array, type: number): BtreePage | null {
  const head = number === 1 ? 100 : 0
  const inner = type === pageTypes.indexInner || type === pageTypes.tableInner
  const pointers = head + (inner ? 12 : 8)
  if (bytes.length < pointers) return null
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const count = view.getUint16(head + 3)
  const end = pointers + 2 * count
  const fits = end <= pages.size
  const cells: (Cell | null)[] = []
  for (let at = pointers; at + 2 <= Math.min(end, bytes.length); at += 2) {
    const offset = view.getUint16(at)
    cells.push(offset >= pointers ? readCell(pages, bytes, offset, type) : null)
  }
  const children = cells.flatMap((cell) => (cell?.child ? [cell.child] : []))
  if (inner) children.push(view.getUint32(head + 8))
  const wholeType = bytes[head] === type && bytes.length === pages.size
  const found = cells.filter((cell) => cell !== null)
  const sound = fits && wholeType && found.length === cells.length && coversAll(view, head, end, found)
  const hidden =
    sound || type === pageTypes.tableInner
      ? []
      : hiddenCells(pages, bytes, contentStart(view, head, end, found), type, found)
  return { type, cells: found, hidden, children, sound }
}

/** Where cells begin; below it lie remains of pointers and of older cells. */
function contentStart(view: DataView, head: number, pointersEnd: number, known: readonly Cell[]): number {
  const named = view.getUint16(head + 5)
  const lowest = Math.min(view.byteLength, ...known.map(({ start }) => start))
  return named >= pointersEnd && named < lowest ? named : lowest
}

function hiddenCells(pages: Pages, bytes: Uint8Array, from: number, type: number, known: readonly Cell[]): Cell[] {
  const hidden: Cell[] = []
  const taken = new Uint8Array(bytes.length)
  for (const cell of known) taken.fill(1, cell.start, cell.end)
  for (let at = from; at < bytes.length; at++) {
    if (taken[at] === 1 || bytes[at] === 0) continue
    const cell = readCell(pages, bytes, at, type)
    if (!cell || taken.subarray(cell.start, cell.end).includes(1)) continue
    hidden.push(cell)
    taken.fill(1, cell.start, cell.end)
  }
  return hidden
}

/** Whether cells, free blocks and fragments fill the content area without a gap and without meeting. */
function coversAll(view: DataView, head: number, pointersEnd: number, cells: readonly Cell[]): boolean {
  const size = view.byteLength
  const contentStart = view.getUint16(head + 5) || 65536
  if (contentStart < pointersEnd || contentStart > size) return false
  const spans = cells.map((cell) => [cell.start, cell.end] as const)
  let block = view.getUint16(head + 1)
  while (block !== 0) {
    if (block < contentStart || block + 4 > size || spans.length > size) return false
    spans.push([block, block + view.getUint16(block + 2)])
    const next = view.getUint16(block)
    if (next !== 0 && next <= block) return false
    block = next
  }
  spans.sort((a, b) => a[0] - b[0])
  let at = contentStart
  let gaps = 0
  for (const [start, end] of spans) {
    if (start < at || end > size) return false
    gaps += start - at
    at = end
  }
  return gaps + size - at === view.getUint8(head + 7)
}

function readCell(pages: Pages, bytes: Uint8Array, start: number, type: number): Cell | null {
  let at = start
  let child: number | null = null
  if (type === pageTypes.indexInner || type === pageTypes.tableInner) {
    if (at + 4 > bytes.length) return null
    child = new DataView(bytes.buffer, bytes.byteOffset).getUint32(at)
    at += 4
    if (child === 0 || child > pages.count) return null
  }
  if (type === pageTypes.tableInner) {
    const key = readVarint(bytes, at)
    return key && { rowid: key.value, values: [], child, start, end: key.end }
  }
  const size = readVarint(bytes, at)
  if (!size || size.value < 2) return null
  at = size.end
  const rowid = type === pageTypes.tableLeaf ? readVarint(bytes, at) : null
  if (type === pageTypes.tableLeaf) {
    if (!rowid) return null
    at = rowid.end
  }
  const payload = readPayload(pages, bytes, at, size.value, type)
  const values = payload && decodeRecord(payload.bytes, size.value)
  // A cell takes four bytes at least, so that a free block fits in its place.
  return values && { rowid: rowid?.value ?? null, values, child, start, end: Math.max(payload.end, start + 4) }
}

/** The bytes of a record, as far as its overflow pages are there; null where not even its first part is. */
function readPayload(
  pages: Pages,
  bytes: Uint8Array,
  at: number,
  size: number,
  type: number,
): { bytes: Uint8Array; end: number } | null {
  const most = type === pageTypes.tableLeaf ? pages.size - 35 : Math.floor(((pages.size - 12) * 64) / 255) - 23
  if (size <= most) return at + size <= bytes.length ? { bytes: bytes.subarray(at, at + size), end: at + size } : null
  const least = Math.floor(((pages.size - 12) * 32) / 255) - 23
  const fitting = least + ((size - least) % (pages.size - 4))
  const local = fitting <= most ? fitting : least
  if (at + local + 4 > bytes.length || size > pages.size * pages.count) return null
  const whole = new Uint8Array(size)
  whole.set(bytes.subarray(at, at + local))
  let filled = local
  let next = new DataView(bytes.buffer, bytes.byteOffset).getUint32(at + local)
  while (filled < size) {
    const page = next > 1 && next <= pages.count ? pages.get(next) : null
    if (!page || page.length < 5) break
    const part = page.subarray(4, 4 + Math.min(size - filled, pages.size - 4))
    whole.set(part, filled)
    filled += part.length
    if (page.length < pages.size) break
    next = new DataView(page.buffer, page.byteOffset).getUint32(0)
  }
  return { bytes: whole.subarray(0, filled), end: at + local + 4 }
}
