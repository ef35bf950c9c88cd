import { onScopeDispose, shallowRef, watch, type ShallowRef } from 'vue'

/** Calls `then` when the frame that is being made is painted; to be called within an animation frame. */
export function afterPainting(then: () => void): void {
  // A message that is posted in a frame arrives after its scripts, its layout and its painting.
  const { port1, port2 } = new MessageChannel()
  port1.onmessage = () => {
    port1.close()
    then()
  }
  port2.postMessage(null)
}

/**
 * What follows from `inputs` but takes too long to compute between a key and the frame that shows it: brought up to date
 * once that frame is painted, once for all changes until then. It is `first` before the first time.
 */
export function useAfterPaint<T>(inputs: () => unknown, compute: () => T, first: T): Readonly<ShallowRef<T>> {
  const value = shallowRef(first) as ShallowRef<T>
  let frame = 0
  let timer: ReturnType<typeof setTimeout> | undefined
  let isWaiting = false

  function bringUpToDate(): void {
    isWaiting = false
    value.value = compute()
  }

  function ask(): void {
    if (isWaiting) return
    isWaiting = true
    // A timer set in a frame runs after its painting.
    frame = requestAnimationFrame(() => (timer = setTimeout(bringUpToDate)))
  }

  watch(inputs, ask, { immediate: true })
  onScopeDispose(() => {
    cancelAnimationFrame(frame)
    clearTimeout(timer)
  })
  return value
}
