import { useEventListener, useLocalStorage } from '@vueuse/core'
import { computed, watch } from 'vue'
import { done, isModal, isTyping, press, shortcutOf, type Actions } from '../../shortcuts/press'
import { useConvolution } from '../../stores/convolution'
import { usePlayer } from './use-player'

export const speeds = [0.5, 1, 2, 4, 8] as const

/** Milliseconds between two steps at normal speed. */
const intervals = { outputs: 1100, products: 420 } as const

/** Playing and stepping over the outputs, by buttons and by keys. */
export function useTransport() {
  const store = useConvolution()
  const speed = useLocalStorage<number>('convolution-speed', 1)
  const interval = computed(() => intervals[store.pace] / speed.value)
  const { playing, play, stop } = usePlayer(
    () => store.step(1),
    () => interval.value,
  )
  /** How long the window takes to slide to its next place, in milliseconds. */
  const slide = computed(() => Math.min(240, interval.value * 0.5))
  const isAtEnd = computed(() => store.index === store.count - 1 && store.progress >= store.parts)
  const isAtStart = computed(() => store.index === 0 && (store.pace === 'outputs' || store.progress <= 1))

  function toggle(): void {
    if (playing.value) {
      stop()
      return
    }
    store.hovered = null
    if (isAtEnd.value) toStart()
    play()
  }

  function toStart(): void {
    store.choose(0, store.pace === 'products' ? 1 : store.parts)
  }

  function home(): void {
    stop()
    toStart()
  }

  function toEnd(): void {
    stop()
    store.choose(store.count - 1)
  }

  function step(direction: 1 | -1): void {
    stop()
    store.hovered = null
    store.step(direction)
  }

  function scrub(index: number): void {
    stop()
    store.choose(index)
  }

  const actions: Actions<'convolution'> = {
    play: () => done(toggle),
    stepBack: () => done(() => step(-1)),
    stepForward: () => done(() => step(1)),
    toStart: () => done(home),
    toEnd: () => done(toEnd),
  }

  let clicked = false
  useEventListener(window, 'pointerdown', () => (clicked = true), { capture: true })
  useEventListener(
    window,
    'keydown',
    (event) => {
      if (event.key === 'Tab') clicked = false
      if (event.defaultPrevented || shortcutOf(['convolution'], event) === null || !isFree(event, clicked)) return
      if (press(['convolution'], actions, event)) event.stopPropagation()
    },
    // Before the window's own keys: space pauses the training elsewhere.
    { capture: true },
  )

  // Another case ends it.
  watch(
    () => [store.source, store.count],
    () => stop(),
  )

  return { playing, speed, slide, isAtStart, isAtEnd, toggle, toStart: home, toEnd, step, scrub }
}

/** Whether what has the focus has no use for the key itself. What was `clicked` has none: one goes on to the keys of the view. */
function isFree({ key, target }: KeyboardEvent, clicked: boolean): boolean {
  if (isModal() || isTyping(target)) return false
  if (!(target instanceof HTMLElement)) return true
  const isSpace = key === ' '
  if (target.closest(isSpace ? '[role=gridcell]' : '[role=gridcell], [role=slider], canvas[tabindex]')) return false
  return clicked || target.closest(isSpace ? 'button, [role=button]' : '[role=group] button') === null
}
