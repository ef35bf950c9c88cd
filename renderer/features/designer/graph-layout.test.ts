import { describe, expect, it } from 'vitest'
import { referenceNetwork } from '../../testing/samples'
import { layOut, nodeHeight, nodeWidth, outputNodeId } from './graph-layout'

const network = referenceNetwork()

describe('layOut', () => {
  it('breaks the reference network behind its poolings', () => {
    const { nodes } = layOut(network, 508, 527)
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
      const { nodes } = layOut(network, width, height)
      for (const a of nodes) {
        const over = nodes.filter((b) => Math.abs(a.x - b.x) < nodeWidth && Math.abs(a.y - b.y) < nodeHeight)
        expect(over).toEqual([a])
      }
    }
  })

  it('takes a box that has no size yet', () => {
    expect(layOut(network, -48, -48).nodes).toHaveLength(16)
  })
})
