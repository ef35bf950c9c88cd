import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { effectScope, nextTick, ref } from 'vue'
import { useAfterPaint } from './after-paint'

describe('useAfterPaint', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  function follow() {
    const typed = ref(1)
    const compute = vi.fn(() => typed.value * 10)
    const scope = effectScope()
    const shown = scope.run(() => useAfterPaint(() => typed.value, compute, 0))
    return { typed, compute, scope, shown }
  }

  it('computes once after the frame for all changes before it', async () => {
    const { typed, compute, shown } = follow()
    expect(shown?.value).toBe(0)
    await vi.runAllTimersAsync()
    expect(shown?.value).toBe(10)
    typed.value = 2
    await nextTick()
    typed.value = 3
    await nextTick()
    expect(shown?.value).toBe(10)
    await vi.runAllTimersAsync()
    expect(shown?.value).toBe(30)
    expect(compute).toHaveBeenCalledTimes(2)
  })

  it('computes nothing for a part of the window that is gone', async () => {
    const { typed, compute, scope } = follow()
    await vi.runAllTimersAsync()
    typed.value = 2
    await nextTick()
    scope.stop()
    await vi.runAllTimersAsync()
    expect(compute).toHaveBeenCalledOnce()
  })
})
