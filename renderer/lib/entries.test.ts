import { describe, expect, it, vi } from 'vitest'
import { effectScope, nextTick, shallowRef, watchEffect } from 'vue'
import { useEntries } from './entries'

describe('useEntries', () => {
  it('follows a map and tells only those who read what changed', async () => {
    const source = shallowRef(
      new Map([
        ['a', 1],
        ['b', 2],
      ]),
    )
    const readA = vi.fn<(value: number | undefined) => void>()
    const readB = vi.fn<(value: number | undefined) => void>()
    const scope = effectScope()
    await scope.run(async () => {
      const entries = useEntries(() => source.value)
      watchEffect(() => readA(entries.get('a')))
      watchEffect(() => readB(entries.get('b')))
      source.value = new Map([
        ['a', 1],
        ['b', 3],
        ['c', 4],
      ])
      await nextTick()
      expect([...entries]).toEqual([
        ['a', 1],
        ['b', 3],
        ['c', 4],
      ])
      source.value = new Map([['b', 3]])
      await nextTick()
      expect([...entries]).toEqual([['b', 3]])
    })
    expect(readA.mock.calls).toEqual([[1], [undefined]])
    expect(readB.mock.calls).toEqual([[2], [3]])
    scope.stop()
  })
})
