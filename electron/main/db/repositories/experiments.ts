import type { Database } from 'better-sqlite3'
import { z } from 'zod'
import { planSchema, planValueSchema } from '../../../../shared/experiments/plan'
import type { Experiment, Trial, TrialResult } from '../../../../shared/ipc/experiment-calls'

export interface ExperimentsRepository {
  insert(experiment: Experiment): void
  /** The runs that belong to it, anew. */
  setTrials(id: string, trials: readonly Trial[]): void
  rename(id: string, name: string): void
  /** Its runs are kept and belong to none. */
  delete(id: string): void
  get(id: string): Experiment | null
  /** The newest first; those that this version cannot read are left out. */
  list(): Experiment[]
  /** Of its runs that have epochs. */
  results(id: string): TrialResult[]
}

interface Row {
  readonly id: string
  readonly name: string
  readonly plan: string
  readonly created_at: number
}

const storedSchema = z.object({
  plan: planSchema,
  trials: z.array(z.object({ run: z.string(), combination: z.int(), values: z.array(planValueSchema), seed: z.int() })),
})

export function createExperimentsRepository(db: Database): ExperimentsRepository {
  const insert = db.prepare<[string, string, string, number]>(
    'INSERT INTO experiments (id, name, plan, created_at) VALUES (?, ?, ?, ?)',
  )
  const setTrials = db.prepare<[string, string]>(
    `UPDATE experiments SET plan = json_set(plan, '$.trials', json(?)) WHERE id = ?`,
  )
  const rename = db.prepare<[string, string]>('UPDATE experiments SET name = ? WHERE id = ?')
  const remove = db.prepare<[string]>('DELETE FROM experiments WHERE id = ?')
  const get = db.prepare<[string], Row>('SELECT * FROM experiments WHERE id = ?')
  const list = db.prepare<[], Row>('SELECT * FROM experiments ORDER BY created_at DESC, id')
  const results = db.prepare<[string], TrialResult>(`
    SELECT runs.id AS run, count(*) AS epochs, min(validation_loss) AS bestLoss, max(validation_accuracy) AS bestAccuracy,
      (SELECT validation_loss FROM epochs AS last WHERE last.run = runs.number ORDER BY epoch DESC LIMIT 1) AS lastLoss,
      (SELECT validation_accuracy FROM epochs AS last WHERE last.run = runs.number ORDER BY epoch DESC LIMIT 1)
        AS lastAccuracy
    FROM runs JOIN epochs ON epochs.run = runs.number
    WHERE runs.experiment = ? GROUP BY runs.number ORDER BY runs.number`)
  return {
    insert({ id, name, plan, trials, createdAt }) {
      insert.run(id, name, JSON.stringify({ plan, trials }), createdAt)
    },
    setTrials: (id, trials) => void setTrials.run(JSON.stringify(trials), id),
    rename: (id, name) => void rename.run(name, id),
    delete: (id) => void remove.run(id),
    get(id) {
      const row = get.get(id)
      return row ? read(row) : null
    },
    list: () => list.all().flatMap((row) => read(row) ?? []),
    results: (id) => results.all(id),
  }
}

/** Null for a plan of a newer version. */
function read({ id, name, plan, created_at: createdAt }: Row): Experiment | null {
  const stored = storedSchema.safeParse(JSON.parse(plan))
  return stored.success ? { id, name, createdAt, ...stored.data } : null
}
