import { describe, expect, it } from 'vitest'
import type { AttributionAnswer } from '../../../shared/inspect/answers'
import { colourTable } from '../../lib/colour'
import { completenessOf, mapRgba, scaleOf } from './attribution-look'

const tables = {
  diverging: colourTable([
    [0, 0, 255],
    [255, 255, 255],
    [255, 0, 0],
  ]),
  sequential: colourTable([
    [255, 255, 255],
    [255, 0, 0],
  ]),
}

describe('the scale', () => {
  it('reaches to the largest magnitude, to both sides where values have a sign', () => {
    const values = Float32Array.of(-3, 1, 2)
    expect(scaleOf('occlusion', values)).toEqual({ signed: true, limit: 3 })
    expect(scaleOf('gradCam', Float32Array.of(0, 2))).toEqual({ signed: false, limit: 2 })
  })

  it('paints nothing as the ground and the largest in the full colour', () => {
    const painted = mapRgba(Float32Array.of(0, 2), { signed: false, limit: 2 }, tables)
    expect([...painted]).toEqual([255, 255, 255, 255, 255, 0, 0, 255])
  })

  it('paints below zero on the other side', () => {
    const painted = mapRgba(Float32Array.of(-2, 2), { signed: true, limit: 2 }, tables)
    expect([...painted]).toEqual([0, 0, 255, 255, 255, 0, 0, 255])
  })

  it('paints a map of zeros as the ground', () => {
    expect([...mapRgba(new Float32Array(1), { signed: false, limit: 0 }, tables)]).toEqual([255, 255, 255, 255])
  })
})

describe('completeness', () => {
  const answer: AttributionAnswer = {
    height: 1,
    width: 3,
    values: Float32Array.of(4, -1, 6),
    logit: 11,
    probability: 0.9,
    baselineLogit: 1,
    layer: null,
  }

  it('compares the sum of all with the difference of the logits', () => {
    expect(completenessOf(answer)).toEqual({ sum: 9, difference: 10, off: 0.1 })
  })

  it('has no share of nothing, and is for integrated gradients only', () => {
    expect(completenessOf({ ...answer, logit: 1 })?.off).toBeNull()
    expect(completenessOf({ ...answer, baselineLogit: null })).toBeNull()
  })
})
