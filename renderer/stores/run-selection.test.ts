import { flushPromises } from '@vue/test-utils'
import { beforeEach, describe, expect, it } from 'vitest'
import { useFakeBridge } from '../testing/mount-window'
import { sampleRun } from '../testing/samples'
import { lookCount, useRunSelection } from './run-selection'
import { useRuns } from './runs'

const all = Array.from({ length: 40 }, (_, i) => sampleRun({ state: { type: 'stopped' }, createdAt: i }))
const order = all.map(({ id }) => id)
const id = (at: number) => order[at] ?? ''

let selection: ReturnType<typeof useRunSelection>
beforeEach(async () => {
  useFakeBridge({ 'runs.list': () => all })
  await useRuns().load()
  selection = useRunSelection()
})

describe('selecting', () => {
  it('goes from the last one chosen alone to this one, in either direction', () => {
    selection.only(id(3))
    selection.extend(id(5), order)
    expect(selection.ids).toEqual([id(3), id(4), id(5)])
    selection.extend(id(1), order)
    expect(selection.ids).toEqual([id(1), id(2), id(3)])
    expect(useRuns().selectedId).toBe(id(1))
  })
  it('adds and takes away one, and a stretch to what is there', () => {
    selection.only(id(0))
    selection.toggle(id(7))
    selection.extend(id(9), order, true)
    expect(selection.ids).toEqual([id(0), id(7), id(8), id(9)])
    selection.toggle(id(0))
    expect(selection.ids).toEqual([id(7), id(8), id(9)])
  })
  it('follows what is selected elsewhere, and forgets runs that are gone', async () => {
    useRuns().selectedId = id(2)
    expect(selection.ids).toEqual([id(2)])
    selection.toggle(id(4))
    await useRuns().remove([id(4)])
    await flushPromises()
    expect(selection.ids).toEqual([id(2)])
    useRuns().selectedId = null
    expect(selection.ids).toEqual([])
  })
})

describe('looks', () => {
  it('stay with their run, are all different as far as there are enough, and are given anew', () => {
    selection.selectAll(order.slice(0, lookCount))
    expect(new Set(selection.looks.values()).size).toBe(lookCount)
    const kept = selection.looks.get(id(9))
    selection.toggle(id(1))
    selection.toggle(id(35))
    expect(selection.looks.get(id(9))).toBe(kept)
    expect(selection.looks.get(id(35))).toBe(1)
  })
  it('begin again where there are more runs', () => {
    selection.selectAll(order)
    expect(selection.looks.size).toBe(40)
    expect([...selection.looks.values()].every((look) => look < lookCount)).toBe(true)
  })
})

describe('hiding', () => {
  it('keeps a run selected, and shows one alone and all again', () => {
    selection.selectAll(order.slice(0, 3))
    selection.toggleHidden(id(1))
    expect(selection.visible.map((run) => run.id)).toEqual([id(0), id(2)])
    selection.solo(id(2))
    expect(selection.visible.map((run) => run.id)).toEqual([id(2)])
    selection.solo(id(2))
    expect(selection.visible).toHaveLength(3)
    expect(selection.ids).toHaveLength(3)
  })
})
