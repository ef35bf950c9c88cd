import Sqlite from 'better-sqlite3'
import { pageTypes, readBtreePage } from '../recover/btree'
import { openPages } from '../recover/pages'
import { readVarint } from '../recover/record'
import { fits, readShapes } from '../recover/shapes'

export interface LocatedRow {
  /** Bytes of the file that hold it: its cell, the cell's pointer, and its overflow pages. */
  readonly spans: readonly (readonly [from: number, to: number])[]
}

/**
 * Where each row of a sound database lies in the file, by `<table> <key>`. Throws where the rows are not those that SQLite
 * reads, so that tests of damage stand on firm ground.
 */
export function locateRows(file: string): Map<string, LocatedRow> {
  const db = new Sqlite(file, { readonly: true })
  const pages = openPages(file)
  const shapes = readShapes(db)
  const pageTable = new Map(
    db
      .prepare<[], { pageno: number; name: string }>('SELECT pageno, name FROM dbstat')
      .all()
      .map(({ pageno, name }) => [pageno, name]),
  )
  const located = new Map<string, LocatedRow>()
  for (const [number, name] of pageTable) {
    const shape = shapes.find((table) => table.name === name)
    const bytes = pages.get(number)
    const type = bytes?.[number === 1 ? 100 : 0] ?? 0
    if (!shape || !bytes || !Object.values<number>(pageTypes).includes(type)) continue
    const base = (number - 1) * pages.size
    const page = readBtreePage(pages, number, bytes, type)
    page?.cells.forEach((cell, index) => {
      if (!fits(shape, cell.values, cell.rowid)) return
      const keys = shape.columns.filter(({ optional }) => !optional).slice(0, shape.rowid === null ? keyCount(name) : 1)
      const key = shape.rowid === null ? keys.map((_, at) => cell.values[at]).join(' ') : String(cell.rowid)
      const pointer = base + (type === pageTypes.indexInner ? 12 : 8) + 2 * index
      const spans: [number, number][] = [
        [base + cell.start, base + cell.end],
        [pointer, pointer + 2],
      ]
      for (const overflow of overflowPages(bytes, cell.start, cell.end, type))
        spans.push([(overflow - 1) * pages.size, overflow * pages.size])
      located.set(`${name} ${key}`, { spans })
    })
  }
  for (const { name } of shapes) {
    const inFile = db.prepare<[], number>(`SELECT count(*) FROM "${name}"`).pluck().get()
    const found = [...located.keys()].filter((key) => key.startsWith(`${name} `)).length
    if (found !== inFile) throw new Error(`${found} of ${inFile} rows of ${name} were located`)
  }
  pages.close()
  db.close()
  return located

  function keyCount(name: string): number {
    return db.prepare<[string], number>('SELECT count(*) FROM pragma_table_info(?) WHERE pk > 0').pluck().get(name) ?? 1
  }

  function overflowPages(bytes: Uint8Array, start: number, end: number, type: number): number[] {
    const size = readVarint(bytes, type === pageTypes.indexInner ? start + 4 : start)
    if (!size || size.value <= end - start) return []
    const chain: number[] = []
    let next = new DataView(bytes.buffer, bytes.byteOffset).getUint32(end - 4)
    while (next !== 0) {
      chain.push(next)
      const page = pages.get(next)
      next = page ? new DataView(page.buffer, page.byteOffset).getUint32(0) : 0
    }
    return chain
  }
}
