import { describe, expect, it } from 'vitest'
import { importOnnx } from './onnx'
import { onnxModel, type ModelParts } from './testing/onnx-bytes'

const usual = { height: 28, width: 28, channels: 1 }

function read(parts: ModelParts) {
  return importOnnx(onnxModel(parts), 'some model.onnx', usual)
}
function codes({ report }: ReturnType<typeof read>): string[] {
  return report.map(({ code, where }) => `${code} ${where}`)
}

describe('importOnnx', () => {
  it('takes sizes that the model works out for a Flatten, not for layers', () => {
    const result = read({
      nodes: [
        ['Relu', 'x', 'a'],
        ['Shape', 'a', 'shape'],
        ['Gather', 'shape zero', 'batch'],
        ['Unsqueeze', 'batch zero', 'first'],
        ['Concat', 'first rest', 'sizes'],
        ['Reshape', 'a sizes', 'y'],
      ],
      tensors: ['zero', 'rest'].map((name) => [
        [1, 1],
        [2, 7],
        [8, name],
        [7, 0],
      ]),
    })
    expect(result.document.layers.map(({ kind }) => kind)).toEqual(['input', 'relu', 'flatten'])
    expect(codes(result)).toEqual(['shape-computed /Reshape'])
  })

  it('leaves a Reshape out whose sizes it cannot know', () => {
    const result = read({
      nodes: [
        ['Shape', 'x', 'sizes'],
        ['Reshape', 'x sizes', 'y'],
      ],
    })
    expect(codes(result)).toEqual(['unknown-settings /Reshape'])
  })

  it('says which inputs, outputs and operators it leaves out, and names the network by its file', () => {
    const result = read({
      nodes: [
        ['Relu', 'x', 'y'],
        ['HardSwish', 'y', 'z'],
        ['constructor', 'z', 'w'],
      ],
      inputs: { x: ['batch', 1, 8, 8], other: [3] },
      outputs: ['y', 'w'],
    })
    expect(result.document.name).toBe('some model')
    expect(codes(result)).toEqual([
      'extra-input other',
      'extra-output w',
      'unknown-layer /HardSwish',
      'unknown-layer /constructor',
    ])
  })

  it.each([
    [['batch', 3, 'height', 'width'], { height: 28, width: 28, channels: 3 }, '3 × ? × ?'],
    [['batch', 784], usual, '784'],
  ])('takes the usual size where %j leaves it open', (dims, size, shape) => {
    const result = read({ nodes: [['Relu', 'x', 'y']], inputs: { x: dims } })
    expect(result.sizeAsked).toBe(true)
    expect(result.document.layers[0]?.params).toEqual(size)
    expect(result.report[0]).toMatchObject({ code: 'open-size', params: { shape } })
  })

  it('reads half precision, as bytes and as a list', () => {
    // 1.5 and -2
    const bytes = Uint8Array.of(0x00, 0x3e, 0x00, 0xc0)
    const result = read({
      nodes: [
        ['MatMul', 'flat a.weight', 'h'],
        ['MatMul', 'h b.weight', 'y'],
      ],
      inputs: { flat: ['batch', 1, 1, 1] },
      tensors: [
        [
          [1, 1],
          [1, 2],
          [2, 10],
          [8, 'a.weight'],
          [9, bytes],
        ],
        [
          [1, 2],
          [1, 1],
          [2, 10],
          [8, 'b.weight'],
          [5, 0x3e00],
          [5, 0xc000],
        ],
      ],
    })
    expect([...(result.weights?.get('a.weight')?.values ?? [])]).toEqual([1.5, -2])
    expect([...(result.weights?.get('b.weight')?.values ?? [])]).toEqual([1.5, -2])
  })

  it.each([
    ['not-onnx', Uint8Array.of(0, 1, 2)],
    ['not-onnx', new Uint8Array()],
    [
      'onnx-external',
      onnxModel({
        nodes: [],
        tensors: [
          [
            [1, 1],
            [8, 'w'],
            [14, 1],
          ],
        ],
      }),
    ],
    [
      'onnx-tensor',
      onnxModel({
        nodes: [],
        tensors: [
          [
            [1, 1],
            [2, 3],
            [8, 'int8'],
            [9, Uint8Array.of(1)],
          ],
        ],
      }),
    ],
    [
      'onnx-tensor',
      onnxModel({
        nodes: [],
        tensors: [
          [
            [1, 1],
            [2, 1],
            [8, 'cut'],
            [9, Uint8Array.of(1, 2, 3)],
          ],
        ],
      }),
    ],
    ['empty', onnxModel({ nodes: [], inputs: {} })],
  ])('refuses with %s', (code, bytes) => {
    expect(() => importOnnx(bytes, 'bad.onnx', usual)).toThrow(expect.objectContaining({ code }) as Error)
  })
})
