import { pageTypes, readBtreePage, type BtreePage, type Cell } from './btree'
import type { Pages } from './pages'
import type { StoredValue } from './record'
import { fits, type TableShape } from './shapes'

export interface SalvagedRow {
  readonly table: TableShape
  /** In the order of the table's columns as stored; fewer than these in rows that are older than a column. */
  readonly values: readonly StoredValue[]
}

export interface Salvage {
  readonly rows: Iterable<SalvagedRow>
  /** From an index of texts: the rows that a text leads to. Filled while `rows` is read. */
  readonly keys: ReadonlyMap<string, number>
}

const possibleTypes = [pageTypes.indexLeaf, pageTypes.tableLeaf, pageTypes.indexInner]

/**
 * Every row that the pages still hold, by whatever they themselves tell: first those that the trees lead to, then those of pages
 * that nothing leads to any more and that are not known to be free, then what lies within pages without a pointer to it. The
 * same key may come twice; the first is the better. `onPage` is called for each page.
 */
export function salvage(pages: Pages, shapes: readonly TableShape[], onPage: () => void = () => undefined): Salvage {
  const keys = new Map<string, number>()
  const tables = pagesOfTables(pages, shapes)
  const free = freePages(pages)

  function* rows(): Generator<SalvagedRow> {
    const hidden: Cell[] = []
    for (const [number, table] of tables) yield* rowsOf(number, table, hidden)
    for (let number = 1; number <= pages.count; number++) {
      if (!tables.has(number) && !free.has(number)) yield* rowsOf(number, null, hidden)
    }
    yield* known(hidden, null)
  }

  function* rowsOf(number: number, table: TableShape | null, hidden: Cell[]): Generator<SalvagedRow> {
    onPage()
    const bytes = pages.get(number)
    const page = bytes && readLikely(pages, number, bytes, shapes)
    if (!page) return
    hidden.push(...page.hidden)
    yield* known(table && table.numericKey > 0 ? inOrder(page.cells, table.numericKey) : page.cells, table)
  }

  function* known(cells: readonly Cell[], table: TableShape | null): Generator<SalvagedRow> {
    for (const cell of cells) {
      const { values, rowid } = cell
      const [text, row] = values
      if (rowid === null && values.length === 2 && typeof text === 'string' && typeof row === 'number')
        keys.set(text, row)
      const shape = table && fits(table, values, rowid) ? table : shapes.find((other) => fits(other, values, rowid))
      if (!shape) continue
      const own = shape.columns.findIndex(({ name }) => name === shape.rowid)
      yield { table: shape, values: own < 0 ? values : values.with(own, rowid) }
    }
  }

  return { rows: { [Symbol.iterator]: rows }, keys }
}

/** The page as its own type, or as the one that most of its cells make sense as. */
function readLikely(pages: Pages, number: number, bytes: Uint8Array, shapes: readonly TableShape[]): BtreePage | null {
  const declared = bytes[number === 1 ? 100 : 0] ?? 0
  const isTree = declared === pageTypes.tableInner || possibleTypes.some((type) => type === declared)
  const own = isTree ? readBtreePage(pages, number, bytes, declared) : null
  // Overflow pages and those of the list of free ones begin with the number of another page, below 2^24.
  if (own?.sound || declared === 0) return own
  const others = possibleTypes.flatMap((type) => readBtreePage(pages, number, bytes, type) ?? [])
  const [best] = [...(own ? [own] : []), ...others].sort((a, b) => score(b) - score(a))
  return best && (best === own || score(best) > 0) ? best : null

  function score({ cells, hidden }: BtreePage): number {
    return [...cells, ...hidden].filter(({ values, rowid }) => shapes.some((shape) => fits(shape, values, rowid)))
      .length
  }
}

/** Cells whose keys grow from one to the next: the longest such sequence. What is outside of it has a damaged key. */
function inOrder(all: readonly Cell[], length: number): readonly Cell[] {
  const grows = all.every((cell, index) => index === 0 || isBefore(all[index - 1], cell))
  if (grows) return all
  // Of two with one key, the one that goes on from its neighbour by one: steps and epochs have no gaps.
  const cells = all.filter((cell, index) => {
    const [last, before, after] = [all[index - 2], all[index - 1], all[index + 1]]
    if (before && isSame(before, cell)) return !isNext(last, before)
    return !(after && isSame(cell, after)) || isNext(before, cell)
  })
  // Patience sorting: `ends[n]` is the cell with the lowest key that ends a sequence of n + 1.
  const ends: number[] = []
  const before = new Map<number, number | undefined>()
  cells.forEach((cell, index) => {
    const place = ends.findIndex((end) => !isBefore(cells[end], cell))
    const at = place < 0 ? ends.length : place
    before.set(index, ends[at - 1])
    ends[at] = index
  })
  const kept: Cell[] = []
  for (let at = ends.at(-1); at !== undefined; at = before.get(at)) {
    const cell = cells[at]
    if (cell) kept.unshift(cell)
  }
  return kept

  function isSame(a: Cell, b: Cell): boolean {
    return a.values.slice(0, length).every((value, index) => value === b.values[index])
  }
  function isNext(a: Cell | undefined, b: Cell): boolean {
    return Number(b.values[length - 1]) === Number(a?.values[length - 1]) + 1
  }
  function isBefore(a: Cell | undefined, b: Cell): boolean {
    for (let index = 0; index < length; index++) {
      const [left, right] = [a?.values[index], b.values[index]]
      if (typeof left !== 'number' || typeof right !== 'number') return false
      if (left !== right) return left < right
    }
    return false
  }
}

/** The pages of each table, as far as the schema and the trees lead to them. */
function pagesOfTables(pages: Pages, shapes: readonly TableShape[]): Map<number, TableShape> {
  const found = new Map<number, TableShape>()
  for (const { name, root } of roots(pages)) {
    const shape = shapes.find((table) => table.name === name)
    if (shape) for (const number of tree(pages, root)) if (!found.has(number)) found.set(number, shape)
  }
  return found
}

function* tree(pages: Pages, root: number): Iterable<number> {
  const seen = new Set<number>()
  const waiting = [root]
  for (let number = waiting.pop(); number !== undefined; number = waiting.pop()) {
    const bytes = number >= 1 && number <= pages.count && !seen.has(number) ? pages.get(number) : null
    const type = bytes?.[number === 1 ? 100 : 0]
    if (!bytes || type === undefined) continue
    seen.add(number)
    yield number
    if (type !== pageTypes.tableInner && type !== pageTypes.indexInner) continue
    waiting.push(...(readBtreePage(pages, number, bytes, type)?.children ?? []).toReversed())
  }
}

function roots(pages: Pages): { name: string; root: number }[] {
  return [...tree(pages, 1)].flatMap((number) => {
    const bytes = pages.get(number)
    const page = bytes && readBtreePage(pages, number, bytes, pageTypes.tableLeaf)
    return (page?.cells ?? []).flatMap(({ values: [type, name, , root] }) =>
      type === 'table' && typeof name === 'string' && typeof root === 'number' ? [{ name, root }] : [],
    )
  })
}

/** Pages that hold nothing any more, as far as the list of them can be followed. */
function freePages(pages: Pages): Set<number> {
  const free = new Set<number>()
  let trunk = pages.header.length < 40 ? 0 : new DataView(pages.header.buffer, pages.header.byteOffset).getUint32(32)
  while (trunk > 1 && trunk <= pages.count && !free.has(trunk)) {
    const bytes = pages.get(trunk)
    if (!bytes || bytes.length < pages.size) break
    const view = new DataView(bytes.buffer, bytes.byteOffset)
    const count = view.getUint32(4)
    // Where this page is no list at all, nothing that it says is believed.
    if (count > pages.size / 4 - 2) break
    const leaves = Array.from({ length: count }, (_, index) => view.getUint32(8 + 4 * index))
    if (leaves.some((leaf) => leaf < 2 || leaf > pages.count)) break
    free.add(trunk)
    for (const leaf of leaves) free.add(leaf)
    trunk = view.getUint32(0)
  }
  return free
}
