import { describe, expect, it } from 'vitest'
import { analyzeNetwork } from '../../shared/network/analyze'
import type { LayerNode, NetworkDocument } from '../../shared/network/document'
import { fitProblems } from '../../shared/network/fit'
import { fixCodes } from '../../shared/network/fix-candidates'
import { fixesFor } from '../../shared/network/fixes'
import { parseNetwork } from '../../shared/network/parse'
import { networkWarnings } from '../../shared/network/warnings'
import { warningCodes } from '../../shared/network/warnings/rule'
import { en } from './en'
import { zhCN } from './zh-CN'

const sources = import.meta.glob<string>(['../../shared/layers/**/*.ts', '../../shared/network/*.ts'], {
  eager: true,
  query: '?raw',
  import: 'default',
})
const templates = import.meta.glob<string>('../../resources/templates/*.json', {
  eager: true,
  query: '?raw',
  import: 'default',
})

function network(
  ...layers: [id: string, kind: string, inputs: string, params?: LayerNode['params']][]
): NetworkDocument {
  const nodes = layers.map(([id, kind, inputs, params = {}]) => ({
    id,
    kind,
    params,
    inputs: inputs.split(' ').filter(Boolean),
  }))
  return { format: 'convscope.network', version: 1, name: 'Test', layers: nodes }
}

/** Placeholders of a text that its values leave open. */
function open(text: string | undefined, params: object): string[] {
  const places = [...(text ?? '{missing}').matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '')
  return places.filter((place) => !(place in params))
}

describe('what the analysis says', () => {
  it('has a text for every fix and warning, and no text for another', () => {
    expect(Object.keys(en.fix).sort()).toEqual([...fixCodes].sort())
    expect(Object.keys(en.warning).sort()).toEqual([...warningCodes].sort())
  })

  it('has a text for every rule that a layer kind can break', () => {
    const rules = Object.values(sources).flatMap((text) => [...text.matchAll(/\bproblem\(\s*'([a-z0-9-]+)'/g)])
    expect(rules.length).toBeGreaterThan(10)
    for (const [, rule] of rules) expect(Object.keys(en.networkProblems)).toContain(`layer:${rule}`)
  })

  it('fills every place of its texts', () => {
    const input = ['input', 'input', '', { height: 8, width: 8, channels: 6 }] as const
    const broken = [
      network([...input], ['fc', 'linear', 'input']),
      network([...input], ['flat', 'flatten', 'input'], ['c', 'conv2d', 'flat']),
      network([...input], ['c', 'conv2d', 'input', { kernel_size: 11 }]),
      network([...input], ['p', 'max_pool2d', 'input', { kernel_size: 9 }]),
      network([...input], ['p', 'avg_pool2d', 'input', { padding: 2 }]),
      network([...input], ['c', 'conv2d', 'input', { padding: 'same', stride: 2 }]),
      network([...input], ['c', 'conv2d', 'input', { groups: 3, out_channels: 10 }]),
      network([...input], ['n', 'group_norm', 'input', { num_groups: 4 }]),
      network([...input], ['c', 'conv2d', 'input'], ['sum', 'add', 'c input']),
      network([...input], ['c', 'conv2d', 'input'], ['sum', 'multiply', 'c input']),
      network([...input], ['c', 'conv2d', 'input'], ['sum', 'concatenate', 'c input']),
      network([...input], ['r', 'reshape', 'input', { shape: [7] }]),
      network([...input], ['a', 'relu', '', { colour: 1 }], ['b', 'relu', ''], ['b', 'relu', 'gone'], ['x', 'y', 'a']),
      network([...input], ['a', 'relu', 'b'], ['b', 'relu', 'a'], ['second', 'input', '']),
      { ...network([...input], ['a', 'relu', 'input']), groups: [{ id: 'g', layers: ['input', 'gone'], repeat: 2 }] },
    ]
    const seen = new Set<string>()
    for (const document of broken) {
      const analysis = analyzeNetwork(document)
      const data = { title: 'Data', shape: [4, 4, 1], classes: 3 }
      for (const problem of [...analysis.problems, ...fitProblems(analysis, data)]) {
        seen.add(problem.code)
        for (const texts of [en, zhCN]) {
          const text = (texts.networkProblems as Record<string, string>)[problem.code]
          expect(open(text, problem.params), problem.code).toEqual([])
          for (const fix of fixesFor(document, problem))
            expect(open(texts.fix[fix.code], fix.params), fix.code).toEqual([])
        }
      }
    }
    expect(seen.size).toBeGreaterThan(18)
  })

  it('fills every place of its warnings', () => {
    const odd = network(
      ['input', 'input', '', { height: 16, width: 16, channels: 4 }],
      ['c1', 'conv2d', 'input', { stride: 4 }],
      ['c2', 'conv2d', 'c1', { kernel_size: 9, padding: 4 }],
      ['drop', 'dropout2d', 'c2'],
      ['bn', 'batch_norm2d', 'drop'],
      ['relu1', 'relu', 'bn'],
      ['relu2', 'relu', 'relu1'],
      ['pool', 'max_pool2d', 'relu2', { kernel_size: 3, stride: 3 }],
      ['pad', 'zero_pad2d', 'pool', { left: 0, right: 0, top: 0, bottom: 0 }],
      ['flat', 'flatten', 'pad'],
      ['fc', 'linear', 'flat', { out_features: 60000 }],
      ['soft', 'softmax', 'fc'],
    )
    const warnings = [...Object.values(templates).map((text) => parseNetwork(text, 'x')), odd].flatMap((document) =>
      networkWarnings(analyzeNetwork(document)),
    )
    expect(new Set(warnings.map(({ code }) => code)).size).toBeGreaterThan(9)
    for (const { code, params } of warnings) {
      for (const texts of [en, zhCN]) expect(open(texts.warning[code], params), code).toEqual([])
    }
  })

  it('names and describes every template in both languages', () => {
    const ids = Object.keys(templates).map((path) => path.replace(/^.*\/|\.json$/g, ''))
    for (const texts of [en, zhCN]) expect(Object.keys(texts.template).sort()).toEqual(ids.sort())
    for (const [path, text] of Object.entries(templates)) {
      const id = path.replace(/^.*\/|\.json$/g, '') as keyof typeof en.template
      expect(en.template[id].name).toBe(parseNetwork(text, path).name)
    }
  })
})
