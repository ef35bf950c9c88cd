import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { setParams } from '../../shared/network/edit/change'
import { removeLayers } from '../../shared/network/edit/remove'
import { referenceNetwork } from '../testing/samples'
import { historyLimit, mergeMilliseconds, useDesign } from './design'

const label = { key: 'history.layOut' } as const

function opened() {
  const design = useDesign()
  design.load(referenceNetwork(), { path: '/nets/a.json' })
  return design
}
function type(design: ReturnType<typeof useDesign>, value: number, merge?: string): void {
  if (!design.document) throw new Error('nothing open')
  const next = setParams(design.document, 'conv1', { out_channels: value })
  design.applyEdit(label, next, merge === undefined ? {} : { merge })
}
function channels(design: ReturnType<typeof useDesign>): unknown {
  return design.document?.layers.find((layer) => layer.id === 'conv1')?.params.out_channels
}

beforeEach(() => {
  setActivePinia(createPinia())
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

describe('history', () => {
  it('undoes and does again, with the selection of that moment', () => {
    const design = opened()
    design.select(['relu1', 'pool1'])
    const edited = design.document && removeLayers(design.document, ['relu1', 'pool1'])
    if (!edited || 'refusal' in edited) throw new Error('refused')
    design.applyEdit(label, edited.document, { select: edited.ids })
    expect([design.document?.layers.length, design.selection]).toEqual([13, ['bn1']])
    expect(design.undo()).toEqual(label)
    expect([design.document?.layers.length, design.selection]).toEqual([15, ['relu1', 'pool1']])
    expect(design.redo()).toEqual(label)
    expect([design.document?.layers.length, design.selection]).toEqual([13, ['bn1']])
    expect(design.redo()).toBeNull()
  })
  it('takes typing on one field as one step, and a pause or another field as the next', () => {
    const design = opened()
    for (const value of [1, 12, 128]) type(design, value, 'a')
    type(design, 5, 'b')
    vi.advanceTimersByTime(mergeMilliseconds)
    type(design, 6, 'b')
    const seen = [channels(design)]
    while (design.undo()) seen.push(channels(design))
    expect(seen).toEqual([6, 5, 128, 25])
  })
  it('forgets what was undone once something else is done', () => {
    const design = opened()
    type(design, 1)
    design.undo()
    type(design, 2)
    expect([design.redoLabel, channels(design)]).toEqual([null, 2])
  })
  it('keeps the last steps only', () => {
    const design = opened()
    for (let value = 1; value <= historyLimit + 20; value++) type(design, value)
    let steps = 0
    while (design.undo()) steps++
    expect([steps, channels(design)]).toEqual([historyLimit, 20])
  })
  it('takes an unchanged document for no step', () => {
    const design = opened()
    if (design.document) design.applyEdit(label, design.document, { select: ['conv2'] })
    expect([design.undoLabel, design.selection]).toEqual([null, ['conv2']])
  })
})

describe('the unsaved marker', () => {
  it('goes with an edit and comes back with its undo', () => {
    const design = opened()
    expect(design.isDirty).toBe(false)
    type(design, 1)
    expect(design.isDirty).toBe(true)
    design.undo()
    expect(design.isDirty).toBe(false)
    design.redo()
    design.markSaved({ path: '/nets/b.json' })
    expect([design.isDirty, design.source]).toEqual([false, { path: '/nets/b.json' }])
    design.undo()
    expect(design.isDirty).toBe(true)
  })
  it('does not join what was typed after saving to what was typed before', () => {
    const design = opened()
    type(design, 1, 'a')
    design.markSaved()
    type(design, 2, 'a')
    design.undo()
    expect([channels(design), design.isDirty]).toEqual([1, false])
  })
  it('stays where the person went on editing while it was written', () => {
    const design = opened()
    type(design, 1)
    const written = design.document
    type(design, 2)
    design.markSaved({ path: '/nets/a.json' }, written)
    expect(design.isDirty).toBe(true)
  })
  it('is there for what was recovered', () => {
    const design = useDesign()
    design.load(referenceNetwork(), null, { dirty: true })
    expect(design.isDirty).toBe(true)
  })
})
