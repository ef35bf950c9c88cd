import { useDocumentVisibility } from '@vueuse/core'
import { onScopeDispose, ref, watch } from 'vue'

/** Calls `step` again and again until it gives false. `interval` in milliseconds is read before each wait. */
export function usePlayer(step: () => boolean, interval: () => number) {
  const playing = ref(false)
  const visibility = useDocumentVisibility()
  let timer: ReturnType<typeof setTimeout> | null = null

  function wait(): void {
    timer = setTimeout(() => {
      if (visibility.value === 'hidden') wait()
      else if (step()) wait()
      else stop()
    }, interval())
  }

  function play(): void {
    if (playing.value) return
    playing.value = true
    wait()
  }

  function stop(): void {
    if (timer !== null) clearTimeout(timer)
    timer = null
    playing.value = false
  }

  // Another speed counts at once, not after a long wait.
  watch(interval, () => {
    if (!playing.value) return
    stop()
    play()
  })
  onScopeDispose(stop)
  return { playing, play, stop }
}
