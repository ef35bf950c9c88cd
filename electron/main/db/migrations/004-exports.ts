import type { Migration } from '../migrate'

const migration: Migration = {
  up(db) {
    db.exec(`
      -- What runs were exported as, and how far what was read back was from the run itself.
      CREATE TABLE exports (
        id TEXT PRIMARY KEY,
        run TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
        format TEXT NOT NULL,
        -- The checkpoint's folder, such as epoch-0003; empty for metrics.
        moment TEXT NOT NULL,
        path TEXT NOT NULL,
        bytes INTEGER NOT NULL,
        -- Unix milliseconds.
        created_at INTEGER NOT NULL,
        -- JSON: reader, pictures, largest difference.
        proof TEXT NOT NULL
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX exports_by_run ON exports (run, created_at);
    `)
  },
}

export default migration
