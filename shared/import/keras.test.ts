import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { analyzeNetwork } from '../network/analyze'
import { elementCount } from '../network/shape'
import { importKeras } from './keras'

/** What `make_keras.py` prints: `count_params()` counts running statistics too. */
const parameters = 13756

const [keras2, keras3] = ['keras2', 'keras3'].map((name) =>
  readFileSync(new URL(`./testing/${name}.json`, import.meta.url), 'utf8'),
)

describe('importKeras', () => {
  it.each([
    ['2', keras2],
    ['3', keras3],
  ])('reads a functional model of Keras %s', (_version, text) => {
    const { document, report } = importKeras(text ?? '')
    const { problems, layers, output, byId } = analyzeNetwork(document)
    expect(problems).toEqual([])
    expect(output?.shape).toEqual([10])
    const count = layers.flatMap(({ weights }) => weights).reduce((sum, { shape }) => sum + elementCount(shape), 0)
    expect(count).toBe(parameters)
    expect(document.name).toBe('both_versions')
    // 20 x 18 by stride 2: Keras pads at the bottom and right only.
    expect(byId.get('conv_one_pad')?.params).toEqual({ top: 0, bottom: 1, left: 0, right: 1 })
    expect(byId.get('conv_one')?.shape).toEqual([10, 9, 8])
    expect(byId.get('bn')?.params).toEqual({ momentum: 0.01, eps: 0.001, affine: true })
    expect(byId.get('sum')?.node.inputs).toEqual(['leaky', 'depthwise'])
    expect(byId.get('leaky')?.params['negative_slope']).toBeCloseTo(0.3, 6)
    expect(byId.get('scaled')?.node.inputs).toEqual(['drop', 'factor'])
    expect(byId.get('classes_softmax')?.node.inputs).toEqual(['classes'])
    expect(report.map(({ code, where }) => `${code} ${where}`)).toEqual([
      'flatten-order flatten',
      'renamed conv-one_pad',
    ])
  })

  it('reads a Sequential model without an InputLayer, and says what is left out', () => {
    const layer = (class_name: string, config: object) => ({
      class_name,
      config: { name: class_name.toLowerCase(), ...config },
    })
    const layers = [
      layer('Conv2D', { batch_input_shape: [null, 8, 8, 1], filters: 4, kernel_size: [3, 3], activation: 'selu' }),
      layer('GlobalMaxPooling2D', {}),
      layer('ReLU', { max_value: 6 }),
      layer('Cropping2D', { cropping: 1 }),
      layer('MaxPooling2D', { pool_size: [3, 3], strides: [2, 2], padding: 'same', data_format: 'channels_first' }),
      layer('AveragePooling2D', { pool_size: [3, 3], strides: [2, 2], padding: 'same' }),
      layer('LayerNormalization', { axis: [3] }),
      layer('Flatten', {}),
    ]
    const { document, report } = importKeras(
      JSON.stringify({ class_name: 'Sequential', config: { name: 's', layers } }),
    )
    const { problems, output } = analyzeNetwork(document)
    expect(problems).toEqual([])
    // (6 + 1) / 2 rounded up, as Keras' `same` has it.
    expect(output?.shape).toEqual([3 * 3 * 4])
    expect(report.map(({ code, where }) => `${code} ${where}`)).toEqual([
      'unknown-option conv2d',
      'unknown-layer globalmaxpooling2d',
      'unknown-layer relu',
      'unknown-layer cropping2d',
      'unknown-layer maxpooling2d',
      'unknown-layer layernormalization',
      'flatten-order flatten',
    ])
  })

  it.each(['', '[]', '{"class_name": "Optimizer"}', '{"class_name": "Functional", "config": {"layers": [1]}}'])(
    'refuses %s',
    (text) => {
      expect(() => importKeras(text)).toThrow('not the JSON of a Sequential or functional Keras model')
    },
  )
})
