import { describe, expect, it } from 'vitest'
import { readNpy, writeNpy } from './npy'
import { expectedTensor, fixtureBytes } from './testing/fixtures'

describe('readNpy', () => {
  it.each(['f4', 'f8', 'u1', 'i8', 'scalar', 'version2', 'version3'])('reads what NumPy saved: %s', (name) => {
    expect(readNpy(fixtureBytes(`${name}.npy`), 'x.npy')).toMatchObject(expectedTensor(`${name}.npy`))
  })

  it.each([
    ['nothing', new Uint8Array(0), 'does not begin like one'],
    ['another file', fixtureBytes('torch.safetensors'), 'does not begin like one'],
    ['a cut header', fixtureBytes('f4.npy').slice(0, 40), 'within its header'],
    ['a cut end', fixtureBytes('f4.npy').slice(0, -1), 'needs 96 bytes, but 95 follow'],
    ['Fortran order', fixtureBytes('fortran.npy'), 'Fortran order'],
    ['complex numbers', fixtureBytes('complex.npy'), 'type <c16'],
    ['records', fixtureBytes('records.npy'), 'holds records'],
    ['a later version', fixtureBytes('f4.npy').map((byte, index) => (index === 6 ? 4 : byte)), 'version 4'],
  ])('names file and fault: %s', (_what, bytes, message) => {
    expect(() => readNpy(bytes, 'x.npy')).toThrow('x.npy')
    expect(() => readNpy(bytes, 'x.npy')).toThrow(message)
  })
})

describe('writeNpy', () => {
  it.each([[[2, 3]], [[6]], [[1, 1, 6]]])('comes back as it was: %j', (shape) => {
    const tensor = { shape, values: Float32Array.of(1, -2, 0.5, 3, 1e-20, NaN) }
    expect(readNpy(writeNpy(tensor), 'y.npy')).toEqual({ ...tensor, descr: '<f4' })
  })

  it('writes the bytes that NumPy writes', () => {
    expect(writeNpy(expectedTensor('f4.npy'))).toEqual(new Uint8Array(fixtureBytes('f4.npy')))
  })
})
