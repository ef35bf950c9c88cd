import { describe, expect, it } from 'vitest'
import { AppError } from '../errors'
import { readSafetensors, writeSafetensors } from './safetensors'
import { expectedNames, expectedTensor, fixtureBytes } from './testing/fixtures'

function withHeader(header: unknown, dataBytes: number): Uint8Array {
  const text = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header))
  const bytes = new Uint8Array(8 + text.length + dataBytes)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true)
  bytes.set(text, 8)
  return bytes
}

function f32(shape: number[], begin: number, end: number) {
  return { dtype: 'F32', shape, data_offsets: [begin, end] }
}

describe('readSafetensors', () => {
  it.each(['torch.safetensors', 'types.safetensors'])('reads what PyTorch saved: %s', (file) => {
    const { tensors } = readSafetensors(fixtureBytes(file), file)
    expect([...tensors.keys()].sort()).toEqual(expectedNames(file).sort())
    for (const [name, tensor] of tensors) expect(tensor, name).toEqual(expectedTensor(`${file}/${name}`))
  })

  it('reads the metadata', () => {
    expect(readSafetensors(fixtureBytes('torch.safetensors'), 'f').metadata).toEqual({ made_by: 'torch' })
  })

  it("reads from Node's buffers", () => {
    const { tensors } = readSafetensors(Buffer.from(fixtureBytes('torch.safetensors')), 'f')
    expect(tensors.get('bn1.running_var')).toEqual(expectedTensor('torch.safetensors/bn1.running_var'))
  })

  it('reads from the middle of a larger buffer', () => {
    const file = fixtureBytes('torch.safetensors')
    const larger = new Uint8Array(file.length + 3)
    larger.set(file, 3)
    const { tensors } = readSafetensors(larger.subarray(3), 'f')
    expect(tensors.get('fc1.bias')).toEqual(expectedTensor('torch.safetensors/fc1.bias'))
  })

  it.each([
    ['nothing', new Uint8Array(0), 'only 0 bytes'],
    ['a header longer than the file', fixtureBytes('torch.safetensors').slice(0, 60), 'header claims'],
    ['a cut end', fixtureBytes('torch.safetensors').slice(0, -4), 'after the file does'],
    ['bytes behind', withHeader({ a: f32([1], 0, 4) }, 9), '5 bytes at its end'],
    ['no JSON', withHeader('{"a"', 0), 'not JSON'],
    ['a list', withHeader('[]', 0), 'not a JSON object'],
    ['a negative size', withHeader({ a: f32([-1], 0, 4) }, 4), '"a" has no valid shape'],
    ['a fraction', withHeader({ a: f32([1.5], 0, 6) }, 6), '"a" has no valid shape'],
    ['no offsets', withHeader({ a: { dtype: 'F32', shape: [1] } }, 4), '"a" has no valid data_offsets'],
    ['turned offsets', withHeader({ a: f32([1], 4, 0) }, 4), '"a" of shape [1] and type F32 needs 4 bytes'],
    ['too few bytes', withHeader({ a: f32([2], 0, 4) }, 4), 'needs 8 bytes, not 4'],
    ['an overlap', withHeader({ a: f32([2], 0, 8), b: f32([2], 4, 12) }, 12), '"b" overlaps'],
    ['a gap', withHeader({ a: f32([1], 0, 4), b: f32([1], 8, 12) }, 12), '4 bytes before the tensor "b"'],
    ['another type', fixtureBytes('bool.safetensors'), '"flags" is of type BOOL'],
    ['a number as metadata', withHeader({ __metadata__: { a: 1 } }, 0), '__metadata__ holds "a"'],
  ])('names file and culprit: %s', (_what, bytes, message) => {
    expect(() => readSafetensors(bytes, 'w.safetensors')).toThrow(AppError)
    expect(() => readSafetensors(bytes, 'w.safetensors')).toThrow('w.safetensors')
    expect(() => readSafetensors(bytes, 'w.safetensors')).toThrow(message)
  })

  it('refuses numbers that float32 cannot hold', () => {
    const bytes = withHeader({ a: { dtype: 'F64', shape: [1], data_offsets: [0, 8] } }, 8)
    new DataView(bytes.buffer).setFloat64(bytes.length - 8, 1e300, true)
    expect(() => readSafetensors(bytes, 'f')).toThrow('too large')
  })
})

describe('writeSafetensors', () => {
  const tensors = new Map([
    ['conv1.weight', { shape: [2, 1, 1, 2], values: Float32Array.of(1, -2, 3.5, 0) }],
    ['empty', { shape: [0], values: new Float32Array(0) }],
    ['scalar', { shape: [], values: Float32Array.of(9) }],
  ])

  it('comes back as it was', () => {
    const file = readSafetensors(writeSafetensors(tensors, { run: 'x' }), 'f')
    expect([...file.tensors]).toEqual([...tensors])
    expect(file.metadata).toEqual({ format: 'pt', run: 'x' })
  })

  it('begins the data at a multiple of 8 bytes', () => {
    const bytes = writeSafetensors(tensors)
    expect(Number(new DataView(bytes.buffer).getBigUint64(0, true)) % 8).toBe(0)
  })

  it('writes a part of a larger buffer', () => {
    const values = Float32Array.of(1, 2, 3, 4).subarray(1, 3)
    const { tensors: read } = readSafetensors(writeSafetensors(new Map([['a', { shape: [2], values }]])), 'f')
    expect(read.get('a')?.values).toEqual(Float32Array.of(2, 3))
  })

  it('refuses values that do not fill the shape', () => {
    const wrong = new Map([['a', { shape: [3], values: new Float32Array(2) }]])
    expect(() => writeSafetensors(wrong)).toThrow('"a" has 2 values')
  })
})
