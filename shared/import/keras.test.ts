import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { analyzeNetwork } from '../network/analyze'
import { elementCount } from '../network/shape'
import { importKeras } from './keras'

/** What `make_keras.py` prints: `count_params()` counts running statistics too. */
const parameters = 13756

const usual = { height: 28, width: 28, channels: 1 }
const [keras2, keras3] = ['keras2', 'keras3'].map((name) =>
  readFileSync(new URL(`./testing/${name}.json`, import.meta.url), 'utf8'),
)

function layer(class_name: string, config: object = {}) {
  return { class_name, config: { name: class_name.toLowerCase(), ...config } }
}
function functional(name: string, layers: readonly object[], output_layers: unknown) {
  return { class_name: 'Functional', name, config: { name, layers, output_layers }, inbound_nodes: [] as unknown[] }
}

describe('importKeras', () => {
  it.each([
    ['2', keras2],
    ['3', keras3],
  ])('reads a functional model of Keras %s', (_version, text) => {
    const { document, report } = importKeras(text ?? '', usual)
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
      usual,
    )
    const { problems, output } = analyzeNetwork(document)
    expect(problems).toEqual([])
    // (6 + 1) / 2 rounded up, as Keras' `same` has it.
    expect(output?.shape).toEqual([3 * 3 * 4])
    expect(report.map(({ code, where }) => `${code} ${where}`)).toEqual([
      'unknown-activation conv2d',
      'unknown-layer globalmaxpooling2d',
      'unknown-settings relu',
      'unknown-layer cropping2d',
      'channels-first maxpooling2d',
      'unknown-settings layernormalization',
      'flatten-order flatten',
    ])
  })

  it('reads models inside a model, and takes the usual size where the model leaves it open', () => {
    const at = (name: string) => [[[name, 0, 0, {}]]]
    const inner = functional(
      'base',
      [
        { ...layer('InputLayer', { batch_shape: [null, null, null, 3] }), name: 'inside', inbound_nodes: [] },
        { ...layer('ReLU'), name: 'act', inbound_nodes: at('inside') },
        { ...layer('Dropout', { rate: 0.5 }), name: 'unused', inbound_nodes: at('act') },
      ],
      [['act', 0, 0]],
    )
    const augment = {
      class_name: 'Sequential',
      name: 'augment',
      config: { name: 'augment', layers: [layer('InputLayer', {}), layer('RandomFlip')] },
      inbound_nodes: at('image'),
    }
    const model = functional(
      'whole',
      [
        { ...layer('InputLayer', { batch_shape: [null, null, null, 3] }), name: 'image', inbound_nodes: [] },
        augment,
        { ...inner, inbound_nodes: at('augment') },
        { ...layer('Flatten'), name: 'flat', inbound_nodes: at('base') },
      ],
      [['flat', 0, 0]],
    )
    const { document, report, sizeAsked } = importKeras(JSON.stringify(model), usual)
    expect(sizeAsked).toBe(true)
    expect(document.layers.map(({ id, inputs }) => `${id} < ${inputs.join()}`)).toEqual([
      'image < ',
      'base_act < image',
      'base_unused < base_act',
      'flat < base_act',
    ])
    expect(document.layers[0]?.params).toEqual({ height: 28, width: 28, channels: 3 })
    expect(report.map(({ code, where }) => `${code} ${where}`)).toEqual([
      'open-size image',
      'unknown-layer augment/randomflip',
      'flatten-order flat',
      'renamed base/act',
    ])
    expect(report[0]?.params).toEqual({ shape: '? × ? × 3' })
  })

  it('says which inputs, outputs and uses of a layer it leaves out', () => {
    const from = (name: string) => [[name, 0, 0, {}]]
    const image = { batch_shape: [null, 8, 8, 1] }
    const model = functional(
      'odd',
      [
        { ...layer('InputLayer', image), name: 'left', inbound_nodes: [] },
        { ...layer('InputLayer', image), name: 'right', inbound_nodes: [] },
        { ...layer('ReLU'), name: 'shared', inbound_nodes: [from('left'), from('right')] },
      ],
      [
        ['shared', 0, 0],
        ['shared', 1, 0],
      ],
    )
    const { document, report } = importKeras(JSON.stringify(model), usual)
    expect(document.layers.map(({ id }) => id)).toEqual(['left', 'shared'])
    expect(report.map(({ code, where }) => `${code} ${where}`)).toEqual([
      'extra-input right',
      'shared-layer shared',
      'extra-output shared',
    ])
  })

  it('reads JSON as Python’s prompt shows it', () => {
    const text = JSON.stringify({ class_name: 'Sequential', config: { name: "it's", layers: [layer('ReLU')] } })
    expect(importKeras(`'${text.replaceAll("'", "\\'")}'\n`, usual).document.name).toBe("it's")
  })

  it.each([
    ['', 'not-json'],
    ['{"class_name": ', 'not-json'],
    ['[]', 'not-keras'],
    ['{"class_name": "Optimizer"}', 'not-keras'],
    ['{"class_name": "Functional", "config": {"layers": [1]}}', 'not-keras'],
    ['{"class_name": "Functional", "config": {"layers": []}}', 'empty'],
  ])('refuses %s', (text, code) => {
    expect(() => importKeras(text, usual)).toThrow(expect.objectContaining({ code }) as Error)
  })
})
