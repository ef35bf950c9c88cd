import { expect, it } from 'vitest'
import type { NamedTensor } from '../formats/tensors'
import { fuse } from './onnx-fused'
import type { OnnxAttribute, OnnxGraph, OnnxNode } from './onnx-graph'

function node(op: string, inputs: string, output: string, attributes: Record<string, number[]> = {}): OnnxNode {
  const named = Object.entries(attributes).map(([name, numbers]): [string, OnnxAttribute] => [
    name,
    { numbers, text: null, tensor: null },
  ])
  return { name: output, op, inputs: inputs.split(' '), outputs: [output], attributes: new Map(named) }
}

const tensor = (...shape: number[]): NamedTensor => ({
  shape,
  values: new Float32Array(shape.reduce((product, size) => product * size, 1)),
})
const pads = (...values: number[]): NamedTensor => ({ shape: [values.length], values: Float32Array.from(values) })

function graph(nodes: OnnxNode[], constants: Record<string, NamedTensor>, outputs = ['y']): OnnxGraph {
  return { nodes, outputs, initializers: new Map(Object.entries(constants)), inputs: [{ name: 'x', dims: [] }] }
}

const shown = ({ nodes }: OnnxGraph) =>
  nodes.map(({ op, inputs, outputs }) => [op, inputs.join(' '), outputs.join(' ')])

it.each([
  [node('MatMul', 'x w', 'm'), { w: tensor(3, 4), b: tensor(4) }],
  [node('Conv', 'x w', 'm'), { w: tensor(4, 3, 2, 2), b: tensor(4, 1, 1) }],
  [node('ConvTranspose', 'x w', 'm', { group: [2] }), { w: tensor(6, 2, 2, 2), b: tensor(1, 4, 1, 1) }],
])('an added bias becomes an input', (first, constants) => {
  expect(shown(fuse(graph([first, node('Add', 'b m', 'y')], constants)))).toEqual([[first.op, 'x w b', 'y']])
})

it('what another node or the outside reads too stays', () => {
  const nodes = [node('MatMul', 'x w', 'm'), node('Add', 'm b', 'y')]
  const constants = { w: tensor(3, 4), b: tensor(4) }
  expect(fuse(graph(nodes, constants, ['y', 'm'])).nodes).toHaveLength(2)
  expect(fuse(graph([...nodes, node('Relu', 'm', 'z')], constants)).nodes).toHaveLength(3)
})

it('a term for each column of a picture is no bias', () => {
  const nodes = [node('Conv', 'x w', 'm'), node('Add', 'm b', 'y')]
  expect(fuse(graph(nodes, { w: tensor(4, 3, 2, 2), b: tensor(4) })).nodes).toHaveLength(2)
})

it('zeros behind a ConvTranspose are its output padding, where nothing was cut off', () => {
  const constants = { w: tensor(3, 4, 2, 2), p: pads(0, 0, 0, 0, 0, 0, 1, 0), b: tensor(4, 1, 1) }
  const read = (cut: number[]) =>
    fuse(
      graph(
        [
          node('ConvTranspose', 'x w', 't', { pads: cut, strides: [1, 1], dilations: [3, 3] }),
          node('Pad', 't p', 'q'),
          node('Add', 'q b', 'y'),
        ],
        constants,
      ),
    ).nodes
  const [joined] = read([1, 1, 0, 1])
  expect([joined?.op, joined?.inputs]).toEqual(['ConvTranspose', ['x', 'w', 'b']])
  expect(joined?.attributes.get('output_padding')?.numbers).toEqual([2, 0])
  expect(joined?.attributes.get('pads')?.numbers).toEqual([1, 1, 1, 1])
  expect(read([1, 1, 1, 1]).map(({ op }) => op)).toEqual(['ConvTranspose', 'Pad', 'Add'])
  // Three is not below the dilation.
  expect(read([2, 1, 0, 1]).map(({ op }) => op)).toEqual(['ConvTranspose', 'Pad', 'Add'])
})

it('products from both sides, and pixels gathered along both axes, are one node each', () => {
  const maps = [node('MatMul', 'x c', 'm'), node('MatMul', 'r m', 'y')]
  expect(shown(fuse(graph(maps, { c: tensor(3, 2), r: tensor(2, 3) })))).toEqual([['AxisMaps', 'x r c', 'y']])
  const gathers = [node('Gather', 'x r', 'm', { axis: [2] }), node('Gather', 'm c', 'y', { axis: [3] })]
  const indices = { r: pads(0, 0, 1), c: pads(0, 1) }
  expect(shown(fuse(graph(gathers, indices)))).toEqual([['GatherPixels', 'x r c', 'y']])
  const other = [node('Gather', 'x r', 'm', { axis: [1] }), node('Gather', 'm c', 'y', { axis: [3] })]
  expect(fuse(graph(other, indices)).nodes).toHaveLength(2)
})
