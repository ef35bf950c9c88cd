import { z } from 'zod'
import { settingsSchema, type Settings } from '../../shared/ipc/contract'
import type { Storage } from './db/open'
import { createSettingsRepository } from './db/repositories/settings'
import type { SettingsStore } from './handlers/settings'

const boundsSchema = z.strictObject({
  x: z.int(),
  y: z.int(),
  width: z.int().min(1),
  height: z.int().min(1),
  maximized: z.boolean(),
})

/** Where the window stood, in screen pixels. */
export type WindowBounds = z.infer<typeof boundsSchema>

export interface MainSettings extends SettingsStore {
  bounds(): WindowBounds | null
  setBounds(bounds: WindowBounds): void
}

const defaults: Settings = { theme: 'system', locale: 'system', notifications: true }
/** Those of an older version lack what came later. */
const storedSchema = settingsSchema.extend({ notifications: z.boolean().default(defaults.notifications) })

/** Settings in memory and in the database: a choice takes effect even where it cannot be stored, which is logged. */
export function createMainSettings(storage: Storage, log: (message: string) => void): MainSettings {
  const repository = createSettingsRepository(storage.db)
  let current = repository.get('settings', storedSchema, defaults)

  function store(key: string, value: unknown): void {
    try {
      repository.set(key, value)
    } catch (error) {
      log(`the setting "${key}" could not be stored: ${String(error)}`)
    }
  }

  return {
    get: () => current,
    set(change) {
      current = { ...current, ...change }
      store('settings', current)
      return current
    },
    bounds: () => repository.get('window', boundsSchema.nullable(), null),
    setBounds: (bounds) => store('window', bounds),
  }
}
