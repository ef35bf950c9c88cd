import type { Database } from 'better-sqlite3'

/** A step's loss and learning rate, all steps of a run from 1 on. */
export interface Curve {
  readonly loss: Float32Array
  /** One value where it is the same all the time. */
  readonly learningRate: Float32Array
}

/** Steps of a run as they are stored; their loss is null where it is not a number. */
export type StoredStep = [step: number, loss: number | null, learningRate: number]

export interface CurvesRepository {
  /** The last stored step of a run; 0 for none. */
  lastStep(run: string): number
  /** Rows after a step, in order. */
  stepsAfter(run: string, step: number): StoredStep[]
  /** The packed steps; null where there are none. */
  get(run: string): Curve | null
  /** Replaces what was packed. */
  put(run: string, curve: Curve): void
  /** Ended runs whose steps are not packed, at most `count`. */
  unpacked(count: number): string[]
}

const numberOf = '(SELECT number FROM runs WHERE id = ?)'

export function createCurvesRepository(db: Database): CurvesRepository {
  const last = db.prepare<[string], number | null>(`SELECT max(step) FROM steps WHERE run = ${numberOf}`).pluck()
  const after = db
    .prepare<[string, number], StoredStep>(
      `SELECT step, loss, learning_rate FROM steps WHERE run = ${numberOf} AND step > ? ORDER BY step`,
    )
    .raw()
  const get = db
    .prepare<[string], [Buffer, Buffer]>(`SELECT loss, learning_rate FROM curves WHERE run = ${numberOf}`)
    .raw()
  const put = db.prepare<[string, number, Buffer, Buffer]>(
    `INSERT OR REPLACE INTO curves (run, last_step, loss, learning_rate) VALUES (${numberOf}, ?, ?, ?)`,
  )
  const unpacked = db
    .prepare<[number], string>(
      `SELECT id FROM runs WHERE ended_at IS NOT NULL AND NOT EXISTS (SELECT 1 FROM curves WHERE run = number)
        AND EXISTS (SELECT 1 FROM steps WHERE run = number) LIMIT ?`,
    )
    .pluck()
  return {
    lastStep: (run) => last.get(run) ?? 0,
    stepsAfter: (run, step) => after.all(run, step),
    get(run) {
      const row = get.get(run)
      return row ? { loss: floats(row[0]), learningRate: floats(row[1]) } : null
    },
    put(run, { loss, learningRate }) {
      put.run(run, loss.length, bytes(loss), bytes(learningRate))
    },
    unpacked: (count) => unpacked.all(count),
  }
}

/** SQLite's bytes may begin anywhere, float32 may not. */
function floats(stored: Buffer): Float32Array {
  if (stored.byteOffset % 4 === 0) return new Float32Array(stored.buffer, stored.byteOffset, stored.byteLength / 4)
  return new Float32Array(new Uint8Array(stored).buffer)
}

function bytes(values: Float32Array): Buffer {
  return Buffer.from(values.buffer, values.byteOffset, values.byteLength)
}
