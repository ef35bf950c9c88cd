import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { analyzeNetwork } from '../network/analyze'
import { importPyTorch } from './pytorch'

const printed = readFileSync(new URL('./testing/printed.txt', import.meta.url), 'utf8')

describe('importPyTorch', () => {
  it('reads what PyTorch 2.15 prints, nested, with the modules’ names', () => {
    const { document, report } = importPyTorch(printed, { height: 32, width: 32, channels: 3 })
    const analysis = analyzeNetwork(document)
    expect(analysis.problems).toEqual([])
    expect(analysis.output?.shape).toEqual([4])
    expect(analysis.parameterCount).toBe(2286)
    expect(document.name).toBe('Net')
    expect(document.layers.map(({ id }) => id)).toContain('features_13')
    expect(analysis.byId.get('features_3')?.params).toMatchObject({ padding: [1, 1], stride: [2, 2], ceil_mode: true })
    expect(analysis.byId.get('features_4')?.params).toMatchObject({ padding: 'same', groups: 4 })
    expect(report.map(({ code }) => code)).toEqual(['order-assumed', 'renamed'])
  })

  it('reads Sequential source with arithmetic, comments and an OrderedDict', () => {
    const { document, report } = importPyTorch(
      `import torch.nn as nn
model = nn.Sequential(OrderedDict([
    ("conv1", nn.Conv2d(1, 6, kernel_size=(5, 5), padding=2)),  # LeNet
    ("relu", nn.ReLU(inplace=True)),
    ("pool", nn.MaxPool2d(3)),
    ("up", nn.ConvTranspose2d(6, 5, 3)),
    ('flat', nn.Flatten()),
    ("fc", torch.nn.Linear(5 * 11 * 11, 10, False)),
]))
model.to("cuda")`,
      { height: 28, width: 28, channels: 1 },
    )
    expect(report).toEqual([])
    expect(document.name).toBe('model')
    const { byId, output } = analyzeNetwork(document)
    expect(output?.shape).toEqual([10])
    expect(byId.get('pool')?.params['stride']).toEqual([3, 3])
    expect(byId.get('up')?.shape).toEqual([11, 11, 5])
    expect(byId.get('fc')?.weights.map(({ name }) => name)).toEqual(['weight'])
  })

  it('says what it could not take over', () => {
    const { document, report } = importPyTorch(
      `nn.Sequential(nn.Conv2d(3, 8, 3, padding_mode="reflect"), nn.Hardswish(), nn.Identity(), make_block(8),
        nn.BatchNorm2d(9), nn.Softmax(dim=-1), nn.Upsample(scale_factor=2, mode="bicubic"), nn.Sequential(nn.ReLU(), 7))`,
      { height: 9, width: 9, channels: 1 },
    )
    const found = report.map(({ code, where }) => `${code} ${where}`)
    expect(found).toEqual([
      'unknown-option 0',
      'size-mismatch 0',
      'unknown-layer 1',
      'unknown-layer 3',
      'size-mismatch 4',
      'unknown-option 5',
      'unknown-layer 6',
      'unknown-layer 7.1',
      'renamed 0',
    ])
    expect(document.layers.map(({ id }) => id)).toEqual(['input', 'layer_0', 'layer_4', 'layer_5', 'layer_7_0'])
    expect(document.layers.at(-1)?.inputs).toEqual(['layer_5'])
  })

  it.each([
    ['nothing', 'print("hello")'],
    ['a cut end', 'nn.Sequential(nn.Conv2d(1, 2'],
    ['a missing comma', 'nn.Sequential(nn.ReLU() nn.ReLU())'],
    ['a loop', 'nn.Sequential(*[nn.ReLU() for _ in range(3)])'],
  ])('refuses %s', (_what, text) => {
    expect(() => importPyTorch(text, { height: 8, width: 8, channels: 1 })).toThrow(/nn\.Sequential|Line 1/)
  })
})
