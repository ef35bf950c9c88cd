import { zipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { writeNpy } from '../../formats/npy'
import { writeSafetensors } from '../../formats/safetensors'
import type { NamedTensor } from '../../formats/tensors'
import { requireSound } from '../../network/analyze'
import { elementCount } from '../../network/shape'
import { readNetwork } from '../../network/parse'
import { readWeightFile } from './file'
import { chooseTensor, mappedWeights, matchWeights, misfitOf, type WeightMapping } from './mapping'
import { readNpz } from './npz'
import { weightTargets } from './targets'
import { turned, turnsThatFit } from './turns'

const network = requireSound(
  readNetwork(
    {
      format: 'convscope.network',
      version: 1,
      name: 'net',
      layers: [
        { id: 'input', kind: 'input', params: { height: 4, width: 4, channels: 2 } },
        { id: 'conv1', kind: 'conv2d', params: { out_channels: 3 }, inputs: ['input'] },
        { id: 'bn1', kind: 'batch_norm2d', inputs: ['conv1'] },
        { id: 'flatten', kind: 'flatten', inputs: ['bn1'] },
        { id: 'drop', kind: 'dropout', params: { p: 0.5 }, inputs: ['flatten'] },
        { id: 'fc', kind: 'linear', params: { out_features: 5 }, inputs: ['drop'] },
      ],
    },
    'net',
  ),
)
const targets = weightTargets(network)
const target = (name: string) => targets.find((one) => one.name === name) ?? targets[0]!

/** Counted up, so that each place is known. */
function counted(...shape: number[]): NamedTensor {
  return { shape, values: Float32Array.from({ length: elementCount(shape) }, (_, index) => index) }
}

function safetensors(tensors: Record<string, NamedTensor>, name = 'net.safetensors') {
  return readWeightFile(writeSafetensors(new Map(Object.entries(tensors))), name)
}

function tensorsOf(mapping: WeightMapping) {
  return Object.fromEntries([...mapping].map(([name, { tensor, how }]) => [name, `${tensor} by ${how}`]))
}

describe('turns', () => {
  it('take each kind of layout', () => {
    expect(turnsThatFit([3, 2, 3, 3], target('conv1.weight'), false)).toEqual(['none'])
    expect(turnsThatFit([3, 3, 2, 3], target('conv1.weight'), true)).toEqual(['hwio'])
    expect(turnsThatFit([5, 12], target('fc.weight'), false)).toEqual(['none', 'flatten'])
    expect(turnsThatFit([12, 5], target('fc.weight'), true)).toEqual(['transposed-flatten', 'transposed'])
    expect(turnsThatFit([5, 3, 2, 2], target('fc.weight'), false)).toEqual(['reshaped'])
    expect(turnsThatFit([1, 3, 1, 1], target('bn1.weight'), false)).toEqual(['reshaped'])
    expect(turnsThatFit([4], target('bn1.weight'), false)).toEqual([])
  })

  it('move each value to its place', () => {
    const kernel = turned(counted(3, 3, 2, 3), target('conv1.weight'), 'hwio')
    // [h, w, in, out] = [1, 2, 1, 2] is [out, in, h, w] = [2, 1, 1, 2].
    expect(kernel.values[((2 * 2 + 1) * 3 + 1) * 3 + 2]).toBe(((1 * 3 + 2) * 2 + 1) * 3 + 2)
    const dense = turned(counted(12, 5), target('fc.weight'), 'transposed-flatten')
    // Row of place (1, 0), channel 2 is column channel · 4 + place.
    expect(dense.values[3 * 12 + (2 * 4 + 2)]).toBe((2 * 3 + 2) * 5 + 3)
    expect(dense.shape).toEqual([5, 12])
  })
})

describe('matching', () => {
  it('goes by names, with prefixes and other words', () => {
    const file = safetensors({
      'module.fc.bias': counted(5),
      'module.fc.weight': counted(5, 12),
      'module.conv1.weight': counted(3, 2, 3, 3),
      'module.conv1.bias': counted(3),
      'module.bn1.gamma': counted(3),
      'module.bn1.beta': counted(3),
      'module.bn1.moving_mean': counted(3),
      'module.bn1.moving_variance': counted(3),
      'module.bn1.num_batches_tracked': counted(1),
    })
    const mapping = matchWeights(targets, file)
    expect(tensorsOf(mapping)).toMatchObject({
      'bn1.weight': 'module.bn1.gamma by name',
      'bn1.running_var': 'module.bn1.moving_variance by name',
      'fc.bias': 'module.fc.bias by name',
    })
    expect(mappedWeights(targets, file, mapping).size).toBe(targets.length)
    expect(file.tensors.some(({ name }) => name.endsWith('tracked'))).toBe(false)
  })

  it('goes by shape and order where names say nothing', () => {
    const arrays = targets.map(({ spec }, index) => [`arr_${index}.npy`, writeNpy(counted(...spec.shape))] as const)
    const file = readWeightFile(zipSync(Object.fromEntries(arrays)), 'net.npz')
    expect(tensorsOf(matchWeights(targets, file))).toEqual(
      Object.fromEntries(targets.map(({ name }, index) => [name, `arr_${index} by order`])),
    )
  })

  it('takes whole layers in order, and leaves what has no partner', () => {
    const file = safetensors({
      'a.bias': counted(3),
      'a.weight': counted(3, 2, 3, 3),
      'z.bias': counted(7),
      'z.weight': counted(7, 12),
    })
    expect(tensorsOf(matchWeights(targets, file))).toEqual({
      'conv1.weight': 'a.weight by order',
      'conv1.bias': 'a.bias by order',
    })
  })

  it('keeps a tensor of the right name and the wrong size, and says why', () => {
    const file = safetensors({ 'fc.weight': counted(7, 12), 'fc.bias': counted(5), odd: counted(4, 15) })
    const mapping = matchWeights(targets, file)
    expect(mapping.get('fc.weight')).toEqual({ tensor: 'fc.weight', turn: null, how: 'name' })
    const [tensor] = file.tensors.filter(({ name }) => name === 'fc.weight')
    expect(tensor && misfitOf(tensor, target('fc.weight'), file)).toEqual({ code: 'count', theirs: 84, ours: 60 })
    const odd = file.tensors.find(({ name }) => name === 'odd')
    expect(odd && misfitOf(odd, target('fc.weight'), file)).toEqual({ code: 'shape' })
    expect([...mappedWeights(targets, file, mapping).keys()]).toEqual(['fc.bias'])
  })

  it('obeys a person', () => {
    const file = safetensors({ 'fc.weight': counted(5, 12), other: counted(5, 12) })
    const chosen = chooseTensor(matchWeights(targets, file), target('fc.weight'), file, 'other', 'flatten')
    expect(chosen.get('fc.weight')).toEqual({ tensor: 'other', turn: 'flatten', how: 'chosen' })
    expect(chooseTensor(chosen, target('fc.weight'), file, null).has('fc.weight')).toBe(false)
  })
})

describe('files', () => {
  const pickle = Uint8Array.of(0x80, 2, 0x7d)
  it.each([
    ['model.pt', zipSync({ 'model/data.pkl': pickle, 'model/data/0': Uint8Array.of(1) }), 'is pickled'],
    ['old.pth', pickle, 'is pickled'],
    ['renamed.safetensors.pkl', Uint8Array.of(0, 1), 'is pickled'],
    ['model.keras', zipSync({ 'config.json': pickle, 'model.weights.h5': pickle }), 'is an archive of Keras'],
    ['weights.h5', new TextEncoder().encode('\u0089HDF').slice(1), 'is an archive of Keras'],
    ['other.bin', new TextEncoder().encode('hello there'), 'is neither safetensors'],
    ['old.bin', pickle, 'is pickled'],
    ['note.txt', new TextEncoder().encode('hello there'), 'is neither safetensors'],
    ['none.npz', zipSync({ 'a.npy': pickle }), 'holds no weights'],
    ['cut.npz', zipSync({ 'a.npy': writeNpy(counted(9)) }).slice(0, -30), 'cannot be read'],
    ['cut.safetensors', writeSafetensors(new Map([['a', counted(4)]])).slice(0, -3), 'cannot be read'],
    ['cut.onnx', Uint8Array.of(0x3a, 0xff), 'cannot be read'],
  ])('%s is refused', (name, bytes, message) => {
    expect(() => readWeightFile(bytes, name)).toThrow(`${name} ${message}`)
  })

  it('say how to save what is pickled', () => {
    expect(() => readWeightFile(pickle, 'old.pth')).toThrow(
      expect.objectContaining({ fix: expect.stringContaining('safetensors.torch.save_file') as string }) as Error,
    )
  })

  it('pass over arrays of objects, and do not grow without bound', () => {
    const objects = new TextEncoder().encode(`\x93NUMPY`)
    const file = readWeightFile(zipSync({ 'a.npy': writeNpy(counted(9)), 'b.npy': objects }), 'mixed.npz')
    expect(file.tensors.map(({ name }) => name)).toEqual(['a'])
    expect(file.unread.map(({ name }) => name)).toEqual(['b'])
    const bomb = zipSync({ 'a.npy': new Uint8Array(1_000_000) })
    expect(bomb.length).toBeLessThan(2000)
    expect(() => readNpz(bomb, 'bomb.npz', 100_000)).toThrow('files up to 100000 are read')
  })
})
