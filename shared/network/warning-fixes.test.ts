import { describe, expect, it } from 'vitest'
import { analyzeNetwork } from './analyze'
import type { LayerNode, NetworkDocument } from './document'
import { applyFix } from './fixes'
import { warningFixes } from './warning-fixes'
import { networkWarnings } from './warnings'
import type { WarningCode } from './warnings/rule'

type Step = readonly [kind: string, params?: LayerNode['params']]

/** A chain on 17 × 17 × 4 pictures that ends in a classifier; ids are the kind and the place. */
function chain(...steps: Step[]): NetworkDocument {
  const layers: LayerNode[] = [
    { id: 'input', kind: 'input', params: { height: 17, width: 17, channels: 4 }, inputs: [] },
  ]
  for (const [kind, params = {}] of [...steps, ['global_avg_pool'] as const, ['linear'] as const]) {
    layers.push({ id: `${kind}_${layers.length}`, kind, params, inputs: [layers.at(-1)?.id ?? ''] })
  }
  return { format: 'convscope.network', version: 1, name: 'Test', layers }
}

function warningOf(document: NetworkDocument, code: WarningCode) {
  return networkWarnings(analyzeNetwork(document)).find((warning) => warning.code === code)
}

const conv: Step = ['conv2d', { kernel_size: 3, padding: 1 }]

describe('warningFixes', () => {
  it.each<[WarningCode, string, NetworkDocument]>([
    ['no-activation', 'insert-activation', chain(conv, conv, ['relu'])],
    ['bias-before-norm', 'no-bias', chain(conv, ['batch_norm2d'], ['relu'])],
    ['dropout-before-norm', 'remove-layer', chain(['dropout2d'], conv, ['batch_norm2d'], ['relu'])],
    ['doubled-activation', 'remove-layer', chain(conv, ['relu'], ['relu'])],
    ['no-effect', 'remove-layer', chain(conv, ['relu'], ['dropout', { p: 0 }])],
    ['pool-drops', 'set-ceil-mode', chain(conv, ['relu'], ['max_pool2d'])],
    ['stride-skips', 'set-stride', chain(['conv2d', { kernel_size: 2, stride: 3 }], ['relu'])],
  ])('does away with %s by %s', (code, fixCode, document) => {
    const warning = warningOf(document, code)
    if (!warning) throw new Error(`no warning ${code}`)
    const fix = warningFixes(document, warning).find((one) => one.code === fixCode)
    if (!fix) throw new Error(`no fix ${fixCode}`)
    const after = applyFix(document, fix)
    expect(analyzeNetwork(after).problems).toEqual([])
    expect(warningOf(after, code)).toBeUndefined()
  })

  it('leaves what is a matter of design to the person', () => {
    const document = chain(['conv2d', { kernel_size: 1 }], ['relu'])
    const warning = warningOf(document, 'receptive-field')
    if (!warning) throw new Error('no warning of the receptive field')
    expect(warningFixes(document, warning)).toEqual([])
  })

  it('offers nothing for a layer that is gone, nor what would break the network', () => {
    const document = chain(conv, ['relu'], ['max_pool2d'], ['reshape', { shape: [16, 8, 8] }])
    const warning = warningOf(document, 'pool-drops')
    if (!warning) throw new Error('no warning of the pooling')
    expect(warningFixes(document, warning)).toEqual([])
    expect(warningFixes(chain(), warning)).toEqual([])
  })
})
