import { networkDocumentSchema, type LayerNode, type NetworkDocument } from '../../shared/network/document'

/**
 * A sound network of about `count` layers for looking at and for measuring: residual blocks of convolution, normalisation
 * and activation that meet in Add, with a pooling now and then, and a classifier.
 */
export function generatedNetwork(count: number): NetworkDocument {
  const layers: LayerNode[] = []
  let last = ''
  function put(id: string, kind: string, params: LayerNode['params'] = {}, inputs = last === '' ? [] : [last]): string {
    layers.push({ id, kind, params, inputs })
    return (last = id)
  }
  put('input', 'input', { height: 64, width: 64, channels: 3 })
  put('conv0', 'conv2d', { out_channels: 16, padding: 'same' })
  for (let block = 1; layers.length < count - 11; block++) {
    const before = last
    for (const half of ['a', 'b']) {
      put(`conv${block}${half}`, 'conv2d', { out_channels: 16, kernel_size: [3, 3], padding: 'same', bias: false })
      put(`bn${block}${half}`, 'batch_norm2d')
      put(`relu${block}${half}`, 'relu')
    }
    put(`add${block}`, 'add', {}, [before, last])
    if (block % 9 === 0 && block <= 27) put(`pool${block}`, 'max_pool2d')
  }
  put('flatten', 'flatten')
  put('fc1', 'linear', { out_features: 64 })
  put('relu', 'relu')
  put('fc2', 'linear', { out_features: 10 })
  return networkDocumentSchema.parse({
    format: 'convscope.network',
    version: 1,
    name: `Generated, ${layers.length} layers`,
    layers,
  })
}
