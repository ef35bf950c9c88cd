import type { Migration } from '../migrate'

const migration: Migration = {
  up(db) {
    db.exec(`
      CREATE TABLE runs (
        -- Short key for the steps, of which there are millions; id is the name outside.
        number INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        name TEXT NOT NULL,
        network_name TEXT NOT NULL,
        document TEXT NOT NULL,
        dataset TEXT NOT NULL,
        config TEXT NOT NULL,
        seed INTEGER NOT NULL,
        app_version TEXT NOT NULL,
        -- The program that records the run (sessions.ts).
        session TEXT NOT NULL,
        -- Relative to the home folder.
        folder TEXT NOT NULL,
        engine TEXT,
        state TEXT NOT NULL,
        -- What the state carries besides its type: a test score, an error.
        state_detail TEXT NOT NULL,
        progress TEXT,
        -- Newest weights, relative to the run's folder.
        checkpoint TEXT,
        -- Unix milliseconds.
        created_at INTEGER NOT NULL,
        started_at INTEGER,
        ended_at INTEGER,
        seen_at INTEGER NOT NULL
      ) STRICT;
      CREATE INDEX runs_by_time ON runs (created_at);

      -- A loss that is not a number is stored as NULL.
      CREATE TABLE steps (
        run INTEGER NOT NULL REFERENCES runs (number) ON DELETE CASCADE,
        step INTEGER NOT NULL,
        loss REAL,
        learning_rate REAL NOT NULL,
        PRIMARY KEY (run, step)
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE epochs (
        run INTEGER NOT NULL REFERENCES runs (number) ON DELETE CASCADE,
        epoch INTEGER NOT NULL,
        train_loss REAL,
        train_accuracy REAL NOT NULL,
        validation_loss REAL,
        -- NULL where nothing was kept back for validation.
        validation_accuracy REAL,
        learning_rate REAL NOT NULL,
        train_seconds REAL NOT NULL,
        validation_seconds REAL NOT NULL,
        images_per_second REAL NOT NULL,
        checkpoint TEXT NOT NULL,
        PRIMARY KEY (run, epoch)
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE settings (
        key TEXT PRIMARY KEY,
        value TEXT NOT NULL
      ) STRICT, WITHOUT ROWID;
    `)
  },
}

export default migration
