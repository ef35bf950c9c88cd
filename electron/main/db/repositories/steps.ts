import type { Database } from 'better-sqlite3'
import type { StepColumns } from '../../../../shared/ipc/contract'
import type { StepRecord } from '../../../../shared/training/state'
import { storable } from './epochs'

export interface StepsRepository {
  insert(run: string, steps: readonly StepRecord[]): void
  /** Removes what is beyond `last`, then adds those of `known` that are missing. */
  rewind(run: string, last: number, known: () => readonly StepRecord[]): void
  /** All steps of a run in order, then `unsaved`, as columns. */
  columns(run: string, unsaved?: readonly StepRecord[]): StepColumns
}

type StepTuple = [step: number, loss: number | null, learningRate: number]

export function createStepsRepository(db: Database): StepsRepository {
  const numberOf = db.prepare<[string], number>('SELECT number FROM runs WHERE id = ?').pluck()
  const insert = db.prepare<[number, ...StepTuple]>(
    'INSERT INTO steps (run, step, loss, learning_rate) VALUES (?, ?, ?, ?)',
  )
  const insertMissing = db.prepare<[number, ...StepTuple]>(
    'INSERT OR IGNORE INTO steps (run, step, loss, learning_rate) VALUES (?, ?, ?, ?)',
  )
  const removeAfter = db.prepare<[number, number]>('DELETE FROM steps WHERE run = ? AND step > ?')
  const count = db.prepare<[number], number>('SELECT count(*) FROM steps WHERE run = ?').pluck()
  const select = db
    .prepare<[number], StepTuple>('SELECT step, loss, learning_rate FROM steps WHERE run = ? ORDER BY step')
    .raw()
  return {
    insert(run, steps) {
      const number = numberOf.get(run)
      if (number === undefined) return
      for (const { step, loss, learningRate } of steps) insert.run(number, step, storable(loss), learningRate)
    },
    rewind(run, last, known) {
      const number = numberOf.get(run)
      if (number === undefined) return
      removeAfter.run(number, last)
      if (count.get(number) === last) return
      for (const { step, loss, learningRate } of known()) {
        if (step <= last) insertMissing.run(number, step, storable(loss), learningRate)
      }
    },
    columns(run, unsaved = []) {
      const number = numberOf.get(run)
      const saved = number === undefined ? [] : select.all(number)
      const count = saved.length + unsaved.length
      const columns = {
        step: new Int32Array(count),
        loss: new Float32Array(count),
        learningRate: new Float32Array(count),
      }
      function put(index: number, step: number, loss: number, learningRate: number): void {
        columns.step[index] = step
        columns.loss[index] = loss
        columns.learningRate[index] = learningRate
      }
      saved.forEach(([step, loss, rate], index) => put(index, step, loss ?? NaN, rate))
      unsaved.forEach((record, index) => put(saved.length + index, record.step, record.loss, record.learningRate))
      return columns
    },
  }
}
