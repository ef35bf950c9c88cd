import type { Database } from 'better-sqlite3'

/** The order of the runs that wait for their turn. The runs themselves are rows like all others, in the state `queued`. */
export interface QueueRepository {
  /** Ids in the order in which they will be trained. */
  list(): string[]
  /** Puts a run behind all others. */
  append(id: string): void
  /** Gives the runs the places in which they are named. */
  arrange(ids: readonly string[]): void
  /** A run's turn has come: it counts as begun now, by this program. */
  leave(id: string, session: string, now: number): void
}

export function createQueueRepository(db: Database): QueueRepository {
  const list = db
    .prepare<[], string>(
      `SELECT id FROM runs WHERE state = 'queued' AND deleted_at IS NULL ORDER BY queue_position, created_at, number`,
    )
    .pluck()
  const place = db.prepare<[number, string]>('UPDATE runs SET queue_position = ? WHERE id = ?')
  const append = db.prepare<[string]>(`
    UPDATE runs SET queue_position = (SELECT coalesce(max(queue_position), 0) + 1 FROM runs) WHERE id = ?`)
  const leave = db.prepare<[string, number, string]>(
    'UPDATE runs SET queue_position = NULL, session = ?, created_at = ? WHERE id = ?',
  )
  return {
    list: () => list.all(),
    append: (id) => void append.run(id),
    arrange: (ids) => ids.forEach((id, index) => place.run(index + 1, id)),
    leave: (id, session, now) => void leave.run(session, now, id),
  }
}
