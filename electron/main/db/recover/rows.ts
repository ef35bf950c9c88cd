import { z } from 'zod'
import type { StoredValue } from './record'
import { json } from './run-row'

/** A row as it is written. */
export type Row = Readonly<Record<string, string | number | Uint8Array | null>>

type Check = (value: StoredValue) => boolean

const anyJson = json(z.unknown())
const isJson: Check = (value) => anyJson.safeParse(value).success
const isShare: Check = (value) => typeof value === 'number' && value >= 0 && value <= 1
const isPositive: Check = (value) => typeof value === 'number' && value >= 1
const isFinitePositive: Check = (value) => typeof value === 'number' && value >= 0 && value < Infinity

/** What the columns of a table may hold, beyond their types; `runs` has a file of its own. Plain: there are millions of steps. */
const tables: Readonly<Record<string, Readonly<Record<string, Check>>>> = {
  steps: { run: isPositive, step: isPositive, learning_rate: isFinitePositive },
  epochs: {
    run: isPositive,
    epoch: isPositive,
    train_accuracy: isShare,
    validation_accuracy: (value) => value === null || isShare(value),
    learning_rate: isFinitePositive,
    train_seconds: isFinitePositive,
    validation_seconds: isFinitePositive,
    images_per_second: isFinitePositive,
  },
  settings: { value: isJson },
  experiments: { plan: isJson },
  histograms: { run: isPositive, bins: isJson },
}

/** The row, or null where a value is damaged or its bytes are gone. */
export function soundRow(table: string, values: Readonly<Record<string, StoredValue>>): Row | null {
  const checks = tables[table] ?? {}
  const row: Record<string, string | number | Uint8Array | null> = {}
  for (const name in values) {
    const value = values[name]
    if (value === undefined || checks[name]?.(value) === false) return null
    row[name] = value
  }
  return row
}
