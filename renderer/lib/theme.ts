import { computed, type ComputedRef } from 'vue'
import { useSettings } from '../stores/settings'

/** What `read` gives of the tokens, read again when the theme changes. */
export function useThemed<T>(read: () => T): ComputedRef<T> {
  const settings = useSettings()
  return computed(() => {
    void settings.isDark
    return read()
  })
}
