/** A network on MNIST's pictures that plain JavaScript trains in a blink. */
export const smallNetwork = {
  format: 'convscope.network',
  version: 1,
  name: 'Small',
  layers: [
    { id: 'input', kind: 'input', params: { height: 28, width: 28, channels: 1 }, inputs: [] },
    { id: 'conv1', kind: 'conv2d', params: { out_channels: 2, stride: 3 }, inputs: ['input'] },
    { id: 'bn1', kind: 'batch_norm2d', params: {}, inputs: ['conv1'] },
    { id: 'relu1', kind: 'relu', params: {}, inputs: ['bn1'] },
    { id: 'flatten', kind: 'flatten', params: {}, inputs: ['relu1'] },
    { id: 'fc1', kind: 'linear', params: { out_features: 10 }, inputs: ['flatten'] },
  ],
} as const
