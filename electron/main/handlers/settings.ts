import type { Settings } from '../../../shared/ipc/contract'
import type { Handlers } from '../ipc/serve'

export interface SettingsStore {
  get(): Settings
  /** Stores what changes and gives all settings. */
  set(change: Partial<Settings>): Settings
}

export function settingsHandlers(
  settings: SettingsStore,
  onChange: (settings: Settings) => void,
): Pick<Handlers, 'settings.get' | 'settings.set'> {
  return {
    'settings.get': () => settings.get(),
    'settings.set'(change) {
      const changed = settings.set(change)
      onChange(changed)
      return changed
    },
  }
}
