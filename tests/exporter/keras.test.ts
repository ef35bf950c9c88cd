import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { kerasFormat } from '../../electron/exporter/formats/keras'
import { cases } from '../codegen/cases'
import { python, reason } from '../codegen/python'
import { relativeDifference } from '../engines/compare'
import { expectedOutputs, picturesOf, sourceOf } from './networks'

const names = Object.keys(cases)

describe(`a .keras file in Keras itself${reason}`, () => {
  let folder = ''

  beforeAll(async () => {
    if (python === null) return
    folder = mkdtempSync(join(tmpdir(), 'convscope-keras-test-'))
    for (const [index, name] of names.entries()) {
      const source = sourceOf(name)
      await kerasFormat.write(source, join(folder, `case${index}.keras`))
      writeFileSync(join(folder, `case${index}.bin`), new Uint8Array(picturesOf(source.network).buffer))
    }
    const script = join(import.meta.dirname, 'run_keras.py')
    const { status, stderr } = spawnSync(python, [script, folder, String(names.length)], { encoding: 'utf8' })
    if (status !== 0) throw new Error(stderr)
  }, 600_000)

  afterAll(() => {
    if (folder) rmSync(folder, { recursive: true, force: true })
  })

  it.skipIf(python === null).each(names)('computes what the network does: %s', { timeout: 60_000 }, async (name) => {
    const bytes = Uint8Array.from(readFileSync(join(folder, `case${names.indexOf(name)}.out`)))
    const outputs = new Float32Array(bytes.buffer)
    const ours = await expectedOutputs(sourceOf(name))
    expect(outputs.length).toBe(ours.length)
    expect(relativeDifference(outputs, ours)).toBeLessThan(1e-5)
  })

  it.skipIf(python === null)('keeps layers by their names', () => {
    const { network } = sourceOf('reference')
    const kept = readFileSync(join(folder, 'case0.names'), 'utf8').split('\n')
    // Beside ours stand the parts of a layer, which have a hyphen.
    expect(kept.filter((name) => !name.includes('-'))).toEqual(network.layers.map(({ node }) => node.id))
  })
})
