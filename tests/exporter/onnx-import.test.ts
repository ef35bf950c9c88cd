import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it, vi } from 'vitest'
import { onnxFormat } from '../../electron/exporter/formats/onnx'
import { importOnnx } from '../../shared/import/onnx'
import { requireSound } from '../../shared/network/analyze'
import { cases } from '../codegen/cases'
import { relativeDifference } from '../engines/compare'
import { expectedOutputs, sourceOf } from './networks'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

const folder = mkdtempSync(join(tmpdir(), 'convscope-onnx-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

it.each(Object.keys(cases))(
  'our own import reads the file back to a network that computes the same: %s',
  async (name) => {
    const source = sourceOf(name)
    const file = join(folder, `${name}.onnx`)
    await onnxFormat.write(source, file)
    const usual = { height: 1, width: 1, channels: 1 }
    const { document, weights, report } = importOnnx(Uint8Array.from(readFileSync(file)), file, usual)
    expect(report.filter(({ code }) => code !== 'renamed')).toEqual([])
    const outputs = await expectedOutputs({ ...source, network: requireSound(document), weights: weights ?? new Map() })
    expect(relativeDifference(outputs, await expectedOutputs(source))).toBeLessThan(1e-5)
  },
)

it.each([
  ['average pooling', ['pool1', 'pool2', 'bins']],
  ['resizing', ['up2', 'up4', 'pad', 'bins']],
  ['transposed convolutions', ['up1', 'up2', 'up3', 'up4', 'up5', 'up6', 'up7']],
])('finds the layers again that ONNX has no operator for, with their settings: %s', async (name, ids) => {
  const source = sourceOf(name)
  const file = join(folder, `again-${name}.onnx`)
  await onnxFormat.write(source, file)
  const usual = { height: 1, width: 1, channels: 1 }
  const { document } = importOnnx(Uint8Array.from(readFileSync(file)), file, usual)
  const facts = ({ layers }: ReturnType<typeof requireSound>) =>
    layers
      .filter(({ node }) => ids.includes(node.id))
      // A size says the same as a factor.
      .map(({ node, kind, params: { scale_factor: _factor, ...params }, shape }) => [node.id, kind.kind, params, shape])
  expect(facts(requireSound(document))).toEqual(facts(source.network))
})

it('keeps layers, their settings and their names', async () => {
  const source = sourceOf('reference')
  const { network } = source
  const file = join(folder, 'settings.onnx')
  await onnxFormat.write(source, file)
  const bytes = Uint8Array.from(readFileSync(file))
  const { document } = importOnnx(bytes, 'reference.onnx', { height: 1, width: 1, channels: 1 })
  const facts = (found: ReturnType<typeof requireSound>) =>
    found.layers.slice(1).map(({ node, kind, params, shape }) => [node.id, kind.kind, params, shape])
  expect(facts(requireSound(document))).toEqual(facts(network))
})
