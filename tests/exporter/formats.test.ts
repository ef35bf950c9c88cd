import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it, vi } from 'vitest'
import { networkFormat, type NetworkFormatId } from '../../electron/exporter/formats/network-formats'
import { compareOutputs } from '../../electron/exporter/compare'
import { exportExtensions, exportFormats } from '../../shared/exports/exports'
import { cases } from '../codegen/cases'
import { expectedOutputs, pictureCount, picturesOf, sourceOf } from './networks'

vi.setConfig({ testTimeout: 60_000 })

const folder = mkdtempSync(join(tmpdir(), 'convscope-exports-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const formats = exportFormats.filter((id): id is NetworkFormatId => id !== 'csv' && id !== 'pytorch-project')

/** Together the networks have every layer kind; tests/codegen holds them to that. */
describe.each(formats)('%s', (id) => {
  it.each(Object.keys(cases))('computes what the network does, read back: %s', async (name) => {
    const source = sourceOf(name)
    const target = join(folder, `${id}-${name.replaceAll(' ', '-')}${exportExtensions[id] ?? ''}`)
    const format = await networkFormat(id)
    await format.write(source, target)
    const written = await format.read(target, source)
    const outputs = await written.run(picturesOf(source.network), pictureCount)
    await written.close()
    const proof = compareOutputs(outputs, await expectedOutputs(source))
    expect(proof.largestDifference).toBeLessThan(1e-5 * Math.max(1, proof.largestOutput))
  })
})
