import type { Database } from 'better-sqlite3'
import type { ExportFormatId, ExportProof, ExportRecord } from '../../../../shared/exports/exports'

interface ExportRow {
  readonly id: string
  readonly run: string
  readonly format: ExportFormatId
  readonly moment: string
  readonly path: string
  readonly bytes: number
  readonly created_at: number
  readonly proof: string
}

export interface ExportsRepository {
  insert(record: ExportRecord): void
  /** Of one run, the newest first. */
  list(run: string): ExportRecord[]
  get(id: string): ExportRecord | null
}

export function createExportsRepository(db: Database): ExportsRepository {
  const insert = db.prepare<[Record<string, string | number>]>(`
    INSERT INTO exports (id, run, format, moment, path, bytes, created_at, proof)
    VALUES (@id, @run, @format, @moment, @path, @bytes, @createdAt, @proof)`)
  const list = db.prepare<[string], ExportRow>('SELECT * FROM exports WHERE run = ? ORDER BY created_at DESC, id')
  const get = db.prepare<[string], ExportRow>('SELECT * FROM exports WHERE id = ?')
  return {
    insert: (record) => void insert.run({ ...record, proof: JSON.stringify(record.proof) }),
    list: (run) => list.all(run).map(readRow),
    get(id) {
      const row = get.get(id)
      return row ? readRow(row) : null
    },
  }
}

/** JSON has no word for an infinite difference, and writes null. */
function infinite(name: string, value: unknown): unknown {
  return value === null && (name === 'largestDifference' || name === 'largestOutput') ? Infinity : value
}

function readRow({ created_at: createdAt, proof, ...rest }: ExportRow): ExportRecord {
  return { ...rest, createdAt, proof: JSON.parse(proof, infinite) as ExportProof }
}
