import type { Database } from 'better-sqlite3'
import type { z } from 'zod'

export interface SettingsRepository {
  /** The stored value, or `fallback` where none is stored or it is not of this form. */
  get<Value>(key: string, schema: z.ZodType<Value>, fallback: Value): Value
  set(key: string, value: unknown): void
}

export function createSettingsRepository(db: Database): SettingsRepository {
  const get = db.prepare<[string], string>('SELECT value FROM settings WHERE key = ?').pluck()
  const set = db.prepare<[string, string]>(
    'INSERT INTO settings (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
  )
  return {
    get(key, schema, fallback) {
      const text = get.get(key)
      if (text === undefined) return fallback
      const parsed = schema.safeParse(JSON.parse(text))
      return parsed.success ? parsed.data : fallback
    },
    set: (key, value) => void set.run(key, JSON.stringify(value)),
  }
}
