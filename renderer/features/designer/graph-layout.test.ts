import { describe, expect, it } from 'vitest'
import { analyzeNetwork } from '../../../shared/network/analyze'
import { referenceNetwork } from '../../testing/samples'
import { layOut, nodeHeight, nodeWidth, outputNodeId } from './graph-layout'
import { receptiveFields } from './receptive-field'

const analysis = analyzeNetwork(referenceNetwork())

describe('layOut', () => {
  it('breaks the reference network behind its poolings', () => {
    const { nodes } = layOut(analysis, 508, 527)
    const column = (id: string) => nodes.find((node) => node.id === id)?.column
    expect(nodes).toHaveLength(16)
    expect([column('pool1'), column('conv2'), column('pool2'), column('flatten'), column(outputNodeId)]).toEqual([
      0, 1, 1, 2, 2,
    ])
  })

  it('never lets two layers overlap, whatever the box', () => {
    for (const [width, height] of [
      [300, 1200],
      [1200, 300],
      [640, 640],
    ] as const) {
      const { nodes } = layOut(analysis, width, height)
      for (const a of nodes) {
        const over = nodes.filter((b) => Math.abs(a.x - b.x) < nodeWidth && Math.abs(a.y - b.y) < nodeHeight)
        expect(over).toEqual([a])
      }
    }
  })

  it('takes a box that has no size yet', () => {
    expect(layOut(analysis, -48, -48).nodes).toHaveLength(16)
  })
})

describe('receptiveFields', () => {
  it('equals the formula on the reference network', () => {
    const fields = receptiveFields(analysis)
    expect(fields.get('input')).toEqual({ size: [1, 1] })
    expect(fields.get('conv1')).toEqual({ size: [3, 3] })
    expect(fields.get('pool1')).toEqual({ size: [4, 4] })
    expect(fields.get('conv2')).toEqual({ size: [8, 8] })
    expect(fields.get('pool2')).toEqual({ size: [10, 10] })
    expect(fields.get('fc1')).toBe('all')
    expect(fields.get('relu4')).toBe('all')
  })
})
