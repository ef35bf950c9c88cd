import type { Migration } from '../migrate'

const migration: Migration = {
  up(db) {
    db.exec(`
      -- All steps of an ended run in one place, made from the steps and only to read them fast: a thousand runs of ten
      -- thousand steps are ten million rows. Little-endian float32.
      CREATE TABLE curves (
        run INTEGER PRIMARY KEY REFERENCES runs (number) ON DELETE CASCADE,
        -- It holds the steps from 1 to this one without a gap.
        last_step INTEGER NOT NULL,
        loss BLOB NOT NULL,
        -- One value where it is the same all the time.
        learning_rate BLOB NOT NULL
      ) STRICT;
      -- A run that went back to a checkpoint has other steps.
      CREATE TRIGGER curves_outdated AFTER DELETE ON steps BEGIN
        DELETE FROM curves WHERE run = OLD.run;
      END;
      CREATE INDEX runs_deleted ON runs (deleted_at) WHERE deleted_at IS NOT NULL;
    `)
  },
}

export default migration
