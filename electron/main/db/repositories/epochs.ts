import type { Database } from 'better-sqlite3'
import type { EpochResult } from '../../../../shared/training/state'

export interface EpochRow {
  readonly epoch: number
  readonly train_loss: number | null
  readonly train_accuracy: number
  readonly validation_loss: number | null
  readonly validation_accuracy: number | null
  readonly learning_rate: number
  readonly train_seconds: number
  readonly validation_seconds: number
  readonly images_per_second: number
}

export const epochColumns = `epoch, train_loss, train_accuracy, validation_loss, validation_accuracy, learning_rate,
  train_seconds, validation_seconds, images_per_second`

export interface EpochsRepository {
  /** `checkpoint` is a file name, relative to the run's folder. */
  insert(run: string, result: EpochResult, checkpoint: string): void
  removeAfter(run: string, epoch: number): void
  /** In order. */
  list(run: string): EpochResult[]
}

export function createEpochsRepository(db: Database): EpochsRepository {
  const insert = db.prepare<[Record<string, string | number | null>]>(`
    INSERT INTO epochs (run, checkpoint, ${epochColumns})
    SELECT number, @checkpoint, @epoch, @trainLoss, @trainAccuracy, @validationLoss, @validationAccuracy, @learningRate,
      @trainSeconds, @validationSeconds, @imagesPerSecond FROM runs WHERE id = @run`)
  const list = db.prepare<[string], EpochRow>(
    `SELECT ${epochColumns} FROM epochs WHERE run = (SELECT number FROM runs WHERE id = ?) ORDER BY epoch`,
  )
  const removeAfter = db.prepare<[string, number]>(
    'DELETE FROM epochs WHERE run = (SELECT number FROM runs WHERE id = ?) AND epoch > ?',
  )
  return {
    removeAfter: (run, epoch) => void removeAfter.run(run, epoch),
    insert(run, result, checkpoint) {
      const { train, validation, ...rest } = result
      insert.run({
        run,
        checkpoint,
        trainLoss: storable(train.loss),
        trainAccuracy: train.accuracy,
        validationLoss: validation && storable(validation.loss),
        validationAccuracy: validation && validation.accuracy,
        ...rest,
      })
    },
    list: (run) => list.all(run).map(readEpoch),
  }
}

export function readEpoch(row: EpochRow): EpochResult {
  return {
    epoch: row.epoch,
    train: { loss: row.train_loss ?? NaN, accuracy: row.train_accuracy },
    validation:
      row.validation_accuracy === null ? null : { loss: row.validation_loss ?? NaN, accuracy: row.validation_accuracy },
    learningRate: row.learning_rate,
    trainSeconds: row.train_seconds,
    validationSeconds: row.validation_seconds,
    imagesPerSecond: row.images_per_second,
  }
}

/** SQLite has no NaN. */
export function storable(value: number): number | null {
  return Number.isNaN(value) ? null : value
}
