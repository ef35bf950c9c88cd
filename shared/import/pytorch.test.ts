import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { analyzeNetwork } from '../network/analyze'
import { importPyTorch, suggestInput } from './pytorch'
import type { ImportResult } from './report'

const grey = { height: 28, width: 28, channels: 1 }
const colour = { height: 32, width: 32, channels: 3 }
const source = 'import torch.nn as nn\n'

/** What PyTorch 2.15 prints; see print_models.py. */
function printed(name: string): string {
  return readFileSync(new URL(`./testing/${name}.txt`, import.meta.url), 'utf8')
}
function codes({ report }: ImportResult): string[] {
  return report.map(({ code, where }) => `${code} ${where}`)
}

describe('importPyTorch', () => {
  it('reads what PyTorch 2.15 prints, nested, with the modules’ names', () => {
    const { document, report } = importPyTorch(printed('printed'), colour)
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
    const result = importPyTorch(
      `nn.Sequential(nn.Conv2d(3, 8, 3, padding_mode="reflect"), nn.Hardswish(), nn.Identity(), make_block(8),
        nn.BatchNorm2d(9), nn.Softmax(dim=-1), nn.Upsample(scale_factor=2, mode="bicubic"), nn.Sequential(nn.ReLU(), 7))`,
      { height: 9, width: 9, channels: 1 },
    )
    const { document, report } = result
    expect(codes(result)).toEqual([
      'unknown-option 0',
      'size-mismatch 0',
      'unknown-layer 1',
      'unknown-layer 3',
      'size-mismatch 4',
      'unknown-option 5',
      'impossible-values 6',
      'not-a-module 7.1',
      'renamed 0',
    ])
    expect(document.layers.map(({ id }) => id)).toEqual(['input', 'layer_0', 'layer_4', 'layer_5', 'layer_7_0'])
    expect(document.layers.at(-1)?.inputs).toEqual(['layer_5'])
    expect(report[4]).toMatchObject({
      line: 2,
      params: { layer: 'BatchNorm2d', option: 'num_features', said: 9, actual: 8 },
    })
  })

  it('says once for each class that a text does not show how its modules are joined', () => {
    const result = importPyTorch(printed('resnet'), colour)
    expect(codes(result)).toEqual([
      'order-assumed ResNet',
      'wiring-unknown layer1.0',
      'flatten-added fc',
      'renamed layer1.0.conv1',
    ])
    expect(result.report[1]).toMatchObject({ line: 7, params: { layer: 'BasicBlock', count: 8 } })
    expect(result.layers.find(({ where }) => where === 'layer2.0.downsample.0')?.line).toBe(30)
    const { byId } = analyzeNetwork(result.document)
    expect(byId.get('fc')?.inputShapes).toEqual([[512]])
  })

  it('puts in the Flatten that forward does, where a Linear follows a picture', () => {
    const result = importPyTorch(printed('alexnet'), { height: 224, width: 224, channels: 3 })
    const { problems, output, parameterCount } = analyzeNetwork(result.document)
    expect(problems).toEqual([])
    expect(output?.shape).toEqual([1000])
    // torchvision's own count.
    expect(parameterCount).toBe(61_100_840)
    expect(codes(result)).toEqual(['order-assumed AlexNet', 'flatten-added classifier.1', 'renamed features.0'])
  })

  it('takes numbered parts for a chain, and equal ones in a row for as many', () => {
    const result = importPyTorch(printed('smallmobilenet'), colour)
    expect(codes(result).slice(0, 3)).toEqual([
      'order-assumed SmallMobileNet',
      'wiring-unknown features.1',
      'unknown-layer features.0.2',
    ])
    expect(result.layers.map(({ id }) => id)).toEqual(expect.arrayContaining(['tail_0', 'tail_1', 'tail_2']))
  })

  it('tells of sizes that do not fit, since forward pools without a module', () => {
    const result = importPyTorch(printed('lenet'), { height: 32, width: 32, channels: 1 })
    expect(codes(result)).toEqual(['order-assumed LeNet', 'flatten-added fc1', 'size-mismatch fc1'])
    expect(result.report.at(-1)?.params).toEqual({ layer: 'Linear', option: 'in_features', said: 400, actual: 9216 })
  })

  it('knows networks and numbers that the source gives to variables, and tells of others', () => {
    const result = importPyTorch(
      `${source}wide = 12
old = nn.Sequential(nn.ReLU())
features = nn.Sequential(nn.Conv2d(1, wide, 3), nn.ReLU())
model: nn.Module = nn.Sequential(features, nn.Flatten(), nn.Linear(wide * 26 * 26, 10))  # not nn.Sequential(...)`,
      grey,
    )
    expect(codes(result)).toEqual(['extra-network old', 'renamed 0.0'])
    expect(result.layers.map(({ where, line }) => `${where} ${line}`)).toEqual([
      'input null',
      '0.0 4',
      '0.1 4',
      '1 5',
      '2 5',
    ])
  })

  it('reads a class that is one Sequential, and says that its forward is not read', () => {
    const text = `class Net(nn.Module):
  def __init__(self):
    self.net = nn.Sequential(nn.Flatten(), nn.Linear(784, 10))
  def forward(self, x):
    return self.net(x)`
    const result = importPyTorch(text, grey)
    expect(result.document.name).toBe('Net')
    expect(codes(result)[0]).toBe('order-assumed Net')
  })

  it('takes no name of JavaScript for a module, a constant or an activation', () => {
    const result = importPyTorch('nn.Sequential(constructor(2), nn.ReLU(), valueOf)', grey)
    expect(codes(result)).toEqual(['unknown-layer 0', 'not-a-module 2', 'renamed 1'])
  })

  it.each([
    ['nothing', 'print("hello")', 'not-pytorch'],
    ['a cut end', 'nn.Sequential(nn.Conv2d(1, 2', 'python-syntax'],
    ['a missing comma', 'nn.Sequential(nn.ReLU() nn.ReLU())', 'python-syntax'],
    ['a loop', 'nn.Sequential(*[nn.ReLU() for _ in range(3)])', 'python-syntax'],
    ['endless brackets', `nn.Sequential(${'('.repeat(20_000)}`, 'python-syntax'],
    ['a class of parts', `class A(nn.Module):\n  self.a = nn.ReLU()\n  self.b = nn.Sequential(x for`, 'python-class'],
  ])('refuses %s', (_what, text, code) => {
    expect(() => importPyTorch(text, grey)).toThrow(expect.objectContaining({ code }) as Error)
  })

  it('names the line that it cannot read', () => {
    const text = 'x = 1\nnn.Sequential(\n  nn.ReLU(),\n  nn.Conv2d(1, [2 for),\n)'
    expect(() => importPyTorch(text, grey)).toThrow('Line 4 of the text cannot be read at "for),"')
  })
})

describe('suggestInput', () => {
  it.each([
    ['what the first layer says', printed('resnet'), { height: 28, width: 28, channels: 3 }],
    ['pictures large enough', printed('alexnet'), { height: 64, width: 64, channels: 3 }],
    ['the usual size where it fits', `${source}nn.Sequential(nn.Flatten(), nn.Linear(784, 10))`, grey],
    ['what a Linear needs', 'nn.Sequential(nn.Flatten(), nn.Linear(3072, 10))', colour],
    ['the usual size where nothing fits', 'nn.Sequential(nn.Flatten(), nn.Linear(7, 10))', grey],
  ])('takes %s', (_what, text, size) => {
    expect(suggestInput(text, grey)).toEqual(size)
  })
})
