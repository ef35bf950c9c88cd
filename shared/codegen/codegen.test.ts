import { describe, expect, it } from 'vitest'
import { readNetwork } from '../network/parse'
import { formatStatement, lineLength } from './format'
import { generateKeras } from './keras'
import { generatePyTorch } from './pytorch'
import { literal } from './python'

const network = readNetwork(
  {
    format: 'convscope.network',
    version: 1,
    name: 'a net',
    layers: [
      { id: 'input', kind: 'input', params: { height: 8, width: 8, channels: 3 } },
      { id: 'stem', kind: 'conv2d', params: { out_channels: 4, padding: [2, 0], groups: 1 }, inputs: ['input'] },
      { id: 'train', kind: 'conv2d', params: { out_channels: 4, padding: 'same' }, inputs: ['stem'] },
      { id: 'sum', kind: 'add', inputs: ['stem', 'train'] },
      { id: 'flat', kind: 'flatten', inputs: ['sum'] },
      { id: 'fc', kind: 'linear', params: { out_features: 10 }, inputs: ['flat'] },
    ],
    groups: [{ id: 'block', layers: ['train', 'sum'], repeat: 2 }],
  },
  'test',
)

describe.each([
  ['PyTorch', generatePyTorch],
  ['Keras', generateKeras],
])('%s code', (framework, generate) => {
  const { text, lines } = generate(network)
  const rows = text.split('\n')
  const shown = (id: string) =>
    (lines.get(id) ?? []).map(([first, last]) =>
      rows
        .slice(first - 1, last)
        .map((row) => row.trim())
        .join(' '),
    )

  it('says where each layer stands, a repeated one at all its places', () => {
    expect([...lines.keys()].sort()).toEqual(['fc', 'flat', 'input', 'stem', 'sum', 'train'])
    for (const id of lines.keys()) expect(shown(id).join(' '), id).toMatch(/\S/)
    expect(shown('stem')).toEqual(
      framework === 'PyTorch'
        ? ['self.stem = nn.Conv2d(3, 4, 3, padding=(2, 0))', 'stem = self.stem(x)']
        : [
            'stem = layers.ZeroPadding2D((2, 0), name="stem-pad")(inputs) stem = layers.Conv2D(4, 3, name="stem")(stem)',
          ],
    )
    expect(shown('train').filter((row) => row.includes('train_2'))).not.toEqual([])
  })

  it('is the same every time, and no line is too long', () => {
    expect(generate(network).text).toBe(text)
    expect(rows.filter((row) => row.length > lineLength)).toEqual([])
    expect(rows.filter((row) => /\s$/.test(row))).toEqual([])
  })
})

describe('Python text', () => {
  it('is broken as Black does it', () => {
    const long = `x = layers.Conv2D(16, (3, 5), strides=(2, 1), dilation_rate=1, use_bias=False, name="a(b")(x)`
    expect(formatStatement(4, long)).toEqual([
      '    x = layers.Conv2D(',
      '        16,',
      '        (3, 5),',
      '        strides=(2, 1),',
      '        dilation_rate=1,',
      '        use_bias=False,',
      '        name="a(b",',
      '    )(x)',
    ])
    expect(formatStatement(4, 'x = f(x)')).toEqual(['    x = f(x)'])
  })

  it('writes values', () => {
    expect(literal([1, null, true, 'a"b', [2]])).toBe(String.raw`(1, None, True, "a\"b", (2,))`)
  })
})
