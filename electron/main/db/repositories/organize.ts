import type { Database } from 'better-sqlite3'
import type { DeletedRun } from '../../../../shared/ipc/organize-calls'

/** What people say about runs. One call is one run: a transaction around many of them is the caller's. */
export interface OrganizeRepository {
  /** False where there is no such run, or it is deleted. */
  exists(id: string): boolean
  tags(id: string): string[]
  setTags(id: string, tags: readonly string[]): void
  setNote(id: string, note: string): void
  setPinned(id: string, pinned: boolean): void
  setArchived(id: string, archived: boolean): void
  /** At this time; null brings it back. */
  setDeleted(id: string, deletedAt: number | null): void
  /** The last deleted first. */
  deleted(): DeletedRun[]
  /** Steps, epochs and all else go with it. Only where it is deleted. */
  remove(id: string): void
}

export function createOrganizeRepository(db: Database): OrganizeRepository {
  const exists = db.prepare<[string], 1>('SELECT 1 FROM runs WHERE id = ? AND deleted_at IS NULL').pluck()
  const tags = db.prepare<[string], string>('SELECT tags FROM runs WHERE id = ?').pluck()
  const setTags = db.prepare<[string, string]>('UPDATE runs SET tags = ? WHERE id = ?')
  const setNote = db.prepare<[string, string]>('UPDATE runs SET note = ? WHERE id = ?')
  const setPinned = db.prepare<[number, string]>('UPDATE runs SET pinned = ? WHERE id = ?')
  const setArchived = db.prepare<[number, string]>('UPDATE runs SET archived = ? WHERE id = ?')
  const setDeleted = db.prepare<[number | null, string]>('UPDATE runs SET deleted_at = ? WHERE id = ?')
  const deleted = db.prepare<[], DeletedRun>(
    'SELECT id, name, deleted_at AS deletedAt FROM runs WHERE deleted_at IS NOT NULL ORDER BY deleted_at DESC, number DESC',
  )
  const remove = db.prepare<[string]>('DELETE FROM runs WHERE id = ? AND deleted_at IS NOT NULL')
  return {
    exists: (id) => exists.get(id) !== undefined,
    tags: (id) => JSON.parse(tags.get(id) ?? '[]') as string[],
    setTags: (id, next) => void setTags.run(JSON.stringify(next), id),
    setNote: (id, note) => void setNote.run(note, id),
    setPinned: (id, pinned) => void setPinned.run(Number(pinned), id),
    setArchived: (id, archived) => void setArchived.run(Number(archived), id),
    setDeleted: (id, deletedAt) => void setDeleted.run(deletedAt, id),
    deleted: () => deleted.all(),
    remove: (id) => void remove.run(id),
  }
}
