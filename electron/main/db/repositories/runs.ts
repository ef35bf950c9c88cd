import type { Database } from 'better-sqlite3'
import { AppError, toWire, type WireError } from '../../../../shared/errors'
import type { RunParent, RunSummary } from '../../../../shared/ipc/contract'
import { networkDocumentSchema, type NetworkDocument } from '../../../../shared/network/document'
import { runConfigSchema, type RunConfig } from '../../../../shared/training/config'
import type { EngineReport, EpochResult, Progress, RunState } from '../../../../shared/training/state'
import { epochColumns, readEpoch, type EpochRow } from './epochs'

/** A run as it is first written. */
export interface NewRun {
  readonly id: string
  readonly name: string
  readonly document: NetworkDocument
  readonly config: RunConfig
  readonly state: RunState
  readonly appVersion: string
  readonly session: string
  readonly folder: string
  readonly createdAt: number
  readonly tags: readonly string[]
  readonly note: string
  readonly pinned: boolean
  readonly archived: boolean
  readonly experiment: string | null
  readonly parent: RunParent | null
}

/** What changes while a run goes on. Times are Unix milliseconds. */
export interface RunUpdate {
  readonly state: RunState
  readonly engine: EngineReport | null
  readonly progress: Progress | null
  readonly checkpoint: string | null
  readonly startedAt: number | null
  readonly endedAt: number | null
  readonly seenAt: number
}

export interface StoredRun {
  readonly summary: RunSummary
  readonly document: NetworkDocument
  /** Newest weights, relative to `folder`; null before the first epoch. */
  readonly checkpoint: string | null
  /** Relative to the home folder. */
  readonly folder: string
  /** Unix milliseconds; null for a run that never started. */
  readonly startedAt: number | null
}

export interface ActiveRun {
  readonly id: string
  readonly session: string
  readonly seenAt: number
}

export interface RunsRepository {
  insert(run: NewRun): void
  update(id: string, update: RunUpdate): void
  rename(id: string, name: string): void
  /** Of a run that has not begun. */
  configure(id: string, config: RunConfig): void
  /** Of a run that goes on; `session` is the program that records it now. */
  relaunch(id: string, config: RunConfig, session: string): void
  /** Steps and epochs go with it. */
  delete(id: string): void
  /** The newest first, without deleted ones. */
  list(): RunSummary[]
  /** Null for a deleted one, too. */
  get(id: string): StoredRun | null
  /** What places a run's steps in time; null as for `get`. */
  pace(id: string): { readonly progress: Progress | null; readonly batchSize: number } | null
  /** Runs whose stored state says that they go on. */
  active(): ActiveRun[]
  end(id: string, state: RunState, endedAt: number): void
}

interface RunRow {
  readonly id: string
  readonly name: string
  readonly network_name: string
  readonly document: string
  readonly config: string
  readonly folder: string
  readonly engine: string | null
  readonly state_detail: string
  readonly progress: string | null
  readonly checkpoint: string | null
  readonly started_at: number | null
  readonly created_at: number
  readonly ended_at: number | null
  readonly tags: string
  readonly note: string
  readonly pinned: number
  readonly archived: number
  readonly experiment: string | null
  readonly parent: string | null
}

type ListRow = Omit<RunRow, 'document' | 'folder' | 'checkpoint' | 'started_at'> & {
  [Key in keyof EpochRow]: EpochRow[Key] | null
}

/** `onUnreadable` is told of rows that a list has to leave out because they are damaged. */
export function createRunsRepository(
  db: Database,
  onUnreadable: (error: WireError) => void = () => undefined,
): RunsRepository {
  const insert = db.prepare<[Record<string, string | number | null>]>(`
    INSERT INTO runs (id, name, network_name, document, dataset, config, seed, app_version, session, folder, state,
      state_detail, created_at, seen_at, tags, note, pinned, archived, experiment, parent)
    VALUES (@id, @name, @networkName, @document, @dataset, @config, @seed, @appVersion, @session, @folder, @state,
      @detail, @createdAt, @createdAt, @tags, @note, @pinned, @archived, @experiment, @parent)`)
  const update = db.prepare<[Record<string, string | number | null>]>(`
    UPDATE runs SET state = @state, state_detail = @detail, engine = @engine, progress = @progress,
      checkpoint = @checkpoint, started_at = @startedAt, ended_at = @endedAt, seen_at = @seenAt WHERE id = @id`)
  const rename = db.prepare<[string, string]>('UPDATE runs SET name = ? WHERE id = ?')
  const configure = db.prepare<[string, string, number, string]>(
    'UPDATE runs SET config = ?, dataset = ?, seed = ? WHERE id = ?',
  )
  const relaunch = db.prepare<[string, string, string]>('UPDATE runs SET config = ?, session = ? WHERE id = ?')
  const remove = db.prepare<[string]>('DELETE FROM runs WHERE id = ?')
  const list = db.prepare<[], ListRow>(`
    SELECT id, name, network_name, config, engine, state_detail, runs.progress, created_at, ended_at, tags, note, pinned,
      archived, experiment, parent, ${epochColumns}
    FROM runs LEFT JOIN epochs ON epochs.run = runs.number
      AND epochs.epoch = (SELECT max(epoch) FROM epochs WHERE run = runs.number)
    WHERE deleted_at IS NULL
    ORDER BY created_at DESC, number DESC`)
  const get = db.prepare<[string], RunRow>('SELECT * FROM runs WHERE id = ? AND deleted_at IS NULL')
  const pace = db.prepare<[string], { progress: string | null; batchSize: number }>(
    "SELECT progress, config ->> 'batch_size' AS batchSize FROM runs WHERE id = ? AND deleted_at IS NULL",
  )
  const lastEpoch = db.prepare<[string], EpochRow>(`
    SELECT ${epochColumns} FROM epochs WHERE run = (SELECT number FROM runs WHERE id = ?) ORDER BY epoch DESC LIMIT 1`)
  const active = db.prepare<[], ActiveRun>(`
    SELECT id, session, seen_at AS seenAt FROM runs WHERE state IN ('starting', 'running', 'paused')`)
  const end = db.prepare<[string, string, number, string]>(
    'UPDATE runs SET state = ?, state_detail = ?, ended_at = ? WHERE id = ?',
  )
  return {
    insert(run) {
      insert.run({
        id: run.id,
        name: run.name,
        networkName: run.document.name,
        document: JSON.stringify(run.document),
        dataset: run.config.dataset,
        config: JSON.stringify(run.config),
        seed: run.config.seed,
        appVersion: run.appVersion,
        session: run.session,
        folder: run.folder,
        state: run.state.type,
        detail: JSON.stringify(run.state),
        createdAt: run.createdAt,
        tags: JSON.stringify(run.tags),
        note: run.note,
        pinned: Number(run.pinned),
        archived: Number(run.archived),
        experiment: run.experiment,
        parent: run.parent && JSON.stringify(run.parent),
      })
    },
    update(id, { state, engine, progress, ...rest }) {
      update.run({
        id,
        state: state.type,
        detail: JSON.stringify(state),
        engine: engine && JSON.stringify(engine),
        progress: progress && JSON.stringify(progress),
        ...rest,
      })
    },
    rename: (id, name) => void rename.run(name, id),
    configure: (id, config) => void configure.run(JSON.stringify(config), config.dataset, config.seed, id),
    relaunch: (id, config, session) => void relaunch.run(JSON.stringify(config), session, id),
    delete: (id) => void remove.run(id),
    list: () =>
      list.all().flatMap((row) => {
        try {
          return [readSummary(row, hasEpoch(row) ? readEpoch(row) : null)]
        } catch (error) {
          // One damaged run must not hide all the others.
          onUnreadable(toWire(damaged(row, error)))
          return []
        }
      }),
    get(id) {
      const row = get.get(id)
      if (!row) return null
      const epoch = lastEpoch.get(id)
      try {
        return {
          summary: readSummary(row, epoch ? readEpoch(epoch) : null),
          document: networkDocumentSchema.parse(JSON.parse(row.document)),
          checkpoint: row.checkpoint,
          folder: row.folder,
          startedAt: row.started_at,
        }
      } catch (error) {
        throw damaged(row, error)
      }
    },
    pace(id) {
      const row = pace.get(id)
      if (!row) return null
      const progress = row.progress === null ? null : (JSON.parse(row.progress) as Progress)
      return { progress, batchSize: row.batchSize }
    },
    active: () => active.all(),
    end: (id, state, endedAt) => void end.run(state.type, JSON.stringify(state), endedAt, id),
  }
}

/** What is stored of a run is not what was written: SQLite has no checksums that would have found it. */
function damaged({ id, name }: Pick<RunRow, 'id' | 'name'>, cause: unknown): AppError {
  return new AppError('database-corrupt', `What is stored of the run "${name}" (${id}) is damaged.`, {
    params: { id, name },
    cause,
  })
}

function hasEpoch(row: ListRow): row is ListRow & EpochRow {
  return row.epoch !== null
}

function readSummary(
  row: Omit<RunRow, 'document' | 'folder' | 'checkpoint' | 'started_at'>,
  lastEpoch: EpochResult | null,
): RunSummary {
  return {
    id: row.id,
    name: row.name,
    networkName: row.network_name,
    // Parsed, so that a run of an older version takes the defaults of what came later.
    config: runConfigSchema.parse(JSON.parse(row.config)),
    // Only this file writes these columns, from values of these very types.
    state: JSON.parse(row.state_detail) as RunState,
    engine: row.engine === null ? null : (JSON.parse(row.engine) as EngineReport),
    progress: row.progress === null ? null : (JSON.parse(row.progress) as Progress),
    createdAt: row.created_at,
    endedAt: row.ended_at,
    lastEpoch,
    tags: JSON.parse(row.tags) as string[],
    note: row.note,
    pinned: row.pinned !== 0,
    archived: row.archived !== 0,
    experiment: row.experiment,
    parent: row.parent === null ? null : (JSON.parse(row.parent) as RunParent),
  }
}
