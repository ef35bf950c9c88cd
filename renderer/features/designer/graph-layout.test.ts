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

  it('breaks no block, however uneven the columns get', () => {
    const layers = ['pool1', 'conv2', 'bn2', 'relu2', 'pool2', 'flatten', 'fc1', 'relu3']
    const { nodes } = layOut({ ...network, groups: [{ id: 'block', layers, repeat: 1 }] }, 900, 300)
    const columns = nodes.filter(({ id }) => layers.includes(id)).map(({ column }) => column)
    expect(new Set(columns).size).toBe(1)
    expect(new Set(nodes.map(({ column }) => column)).size).toBeGreaterThan(1)
  })

  it('takes a box that has no size yet', () => {
    expect(layOut(network, -48, -48).nodes).toHaveLength(16)
  })
})
