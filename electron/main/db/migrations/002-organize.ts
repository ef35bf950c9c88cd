import type { Migration } from '../migrate'

const migration: Migration = {
  up(db) {
    db.exec(`
      -- A JSON array of texts.
      ALTER TABLE runs ADD COLUMN tags TEXT NOT NULL DEFAULT '[]';
      ALTER TABLE runs ADD COLUMN note TEXT NOT NULL DEFAULT '';
      ALTER TABLE runs ADD COLUMN pinned INTEGER NOT NULL DEFAULT 0;
      ALTER TABLE runs ADD COLUMN archived INTEGER NOT NULL DEFAULT 0;
      -- Unix milliseconds; its folder is still there, so that it can be taken back.
      ALTER TABLE runs ADD COLUMN deleted_at INTEGER;
      -- JSON: the run and the checkpoint that this one was forked from.
      ALTER TABLE runs ADD COLUMN parent TEXT;
      ALTER TABLE runs ADD COLUMN experiment TEXT REFERENCES experiments (id) ON DELETE SET NULL;
      -- Order of the queued runs; NULL for all others.
      ALTER TABLE runs ADD COLUMN queue_position INTEGER;
      CREATE INDEX runs_by_experiment ON runs (experiment) WHERE experiment IS NOT NULL;

      -- A sweep over settings, or the same settings with other seeds.
      CREATE TABLE experiments (
        id TEXT PRIMARY KEY,
        name TEXT NOT NULL,
        -- JSON: what is varied and how.
        plan TEXT NOT NULL,
        -- Unix milliseconds.
        created_at INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;

      -- Distributions of one weight and its gradient at the end of an epoch, as JSON.
      CREATE TABLE histograms (
        run INTEGER NOT NULL REFERENCES runs (number) ON DELETE CASCADE,
        epoch INTEGER NOT NULL,
        weight TEXT NOT NULL,
        bins TEXT NOT NULL,
        PRIMARY KEY (run, epoch, weight)
      ) STRICT, WITHOUT ROWID;
    `)
  },
}

export default migration
