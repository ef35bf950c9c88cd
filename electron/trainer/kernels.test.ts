import { expect, it } from 'vitest'
import { requireSound } from '../../shared/network/analyze'
import { readNetwork } from '../../shared/network/parse'
import { firstConvolution, readKernels } from './kernels'

const network = requireSound(
  readNetwork(
    {
      format: 'convscope.network',
      version: 1,
      name: 'Convolutions',
      layers: [
        { id: 'input', kind: 'input', params: { height: 4, width: 4, channels: 4 } },
        {
          id: 'up',
          kind: 'conv_transpose2d',
          params: { out_channels: 6, kernel_size: [1, 2], groups: 2 },
          inputs: ['input'],
        },
        { id: 'apart', kind: 'separable_conv2d', params: { out_channels: 5, kernel_size: 3 }, inputs: ['up'] },
        { id: 'flat', kind: 'flatten', inputs: ['apart'] },
        { id: 'fc', kind: 'linear', params: { out_features: 3 }, inputs: ['flat'] },
      ],
    },
    'test',
  ),
)

/** Its values are their own places. */
function weight(name: string) {
  const [layer = '', ...rest] = name.split('.')
  const spec = network.byId.get(layer)?.weights.find((own) => own.name === rest.join('.'))
  if (!spec) throw new Error(`no weight ${name}`)
  const size = spec.shape.reduce((product, axis) => product * axis, 1)
  return { shape: spec.shape, values: Float32Array.from({ length: size }, (_, at) => at) }
}

it('reads a separable convolution’s depthwise kernels', () => {
  const kernels = readKernels(network, weight, 'apart')
  expect(kernels?.shape).toEqual([6, 1, 3, 3])
  expect(kernels?.values[17]).toBe(17)
})

it('turns a transposed convolution’s kernels so that outputs come first, group by group', () => {
  const kernels = readKernels(network, weight, 'up')
  // PyTorch keeps [in 4, out/groups 3, 1, 2]: kernel (input, output) begins at (3 · input + output) · 2.
  expect(kernels?.shape).toEqual([6, 2, 1, 2])
  expect([...(kernels?.values ?? [])]).toEqual([
    ...[0, 1, 6, 7, 2, 3, 8, 9, 4, 5, 10, 11],
    ...[12, 13, 18, 19, 14, 15, 20, 21, 16, 17, 22, 23],
  ])
})

it('finds none elsewhere', () => {
  expect(readKernels(network, weight, 'fc')).toBeNull()
  expect(readKernels(network, weight, 'nowhere')).toBeNull()
  expect(firstConvolution(network)).toBe('up')
})
