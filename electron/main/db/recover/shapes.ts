import type { Database } from 'better-sqlite3'
import type { StoredValue } from './record'

export interface Column {
  readonly name: string
  readonly type: 'INTEGER' | 'REAL' | 'TEXT' | 'BLOB'
  /** May be NULL. */
  readonly nullable: boolean
  /** Missing at the end of rows that are older than the column. */
  readonly optional: boolean
}

/** How a table's rows lie in the file, so that they are known for what they are without the schema. */
export interface TableShape {
  readonly name: string
  readonly withoutRowid: boolean
  /** In the order in which they are stored: a key of WITHOUT ROWID first. */
  readonly columns: readonly Column[]
  /** Column that is the row's own number and is stored as NULL; null where there is none. */
  readonly rowid: string | null
  /** Where the first so many columns are the key, and whole numbers: rows of a page are in their order. */
  readonly numericKey: number
}

interface TableInfo {
  readonly name: string
  readonly type: string
  readonly notnull: number
  readonly dflt_value: string | null
  readonly pk: number
}

/** The shapes of a sound database's tables, all of them STRICT. */
export function readShapes(db: Database): TableShape[] {
  const tables = db
    .prepare<[], { name: string; wr: number }>(
      "SELECT name, wr FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite_%'",
    )
    .all()
  return tables.map(({ name, wr }) => {
    const infos = db.prepare<[string], TableInfo>('SELECT * FROM pragma_table_info(?)').all(name)
    const keys = infos.filter(({ pk }) => pk > 0).sort((a, b) => a.pk - b.pk)
    const stored = wr === 1 ? [...keys, ...infos.filter(({ pk }) => pk === 0)] : infos
    const [only, another] = keys
    const rowid = wr === 0 && only && !another && only.type === 'INTEGER' ? only.name : null
    return {
      name,
      withoutRowid: wr === 1,
      columns: stored.map((info) => ({
        name: info.name,
        type: info.type as Column['type'],
        nullable: info.notnull === 0 && !(wr === 1 && info.pk > 0),
        optional: info.pk === 0 && (info.notnull === 0 || info.dflt_value !== null),
      })),
      rowid,
      numericKey: wr === 1 && keys.every(({ type }) => type === 'INTEGER') ? keys.length : 0,
    }
  })
}

/** Whether a record can be a row of the table. Values whose bytes are gone are no reason against it. */
export function fits(shape: TableShape, values: readonly StoredValue[], rowid: number | null): boolean {
  if (shape.withoutRowid !== (rowid === null) || values.length > shape.columns.length) return false
  return shape.columns.every((column, index) => {
    if (index >= values.length) return column.optional
    const value = values[index]
    if (value === undefined) return true
    if (value === null) return column.nullable || column.name === shape.rowid
    return column.name !== shape.rowid && isOf(column.type, value)
  })
}

function isOf(type: Column['type'], value: number | string | Uint8Array): boolean {
  if (type === 'INTEGER') return Number.isInteger(value)
  // Whole numbers are stored as such in columns of floating-point numbers, too.
  if (type === 'REAL') return typeof value === 'number'
  return type === 'TEXT' ? typeof value === 'string' : value instanceof Uint8Array
}
