import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createEagerEngine } from '../../electron/trainer/engines/eager/engine'
import { generateKeras } from '../../shared/codegen/keras'
import { generatePyTorch } from '../../shared/codegen/pytorch'
import type { GeneratedCode } from '../../shared/codegen/program'
import { writeSafetensors } from '../../shared/formats/safetensors'
import { layerKinds } from '../../shared/layers/registry'
import { requireSound, type SoundNetwork } from '../../shared/network/analyze'
import type { NetworkDocument } from '../../shared/network/document'
import { runConfigSchema } from '../../shared/training/config'
import { relativeDifference } from '../engines/compare'
import { cases } from './cases'
import { pictureCount, picturesOf, weightsOf } from '../exporter/networks'
import { python, reason } from './python'

const names = Object.keys(cases)
const { loss, optimizer } = runConfigSchema.parse({})

it('covers every layer kind', () => {
  const used = new Set(Object.values(cases).flatMap(({ layers }) => layers.map(({ kind }) => kind)))
  expect([...layerKinds.keys()].filter((kind) => !used.has(kind))).toEqual([])
})

interface Framework {
  readonly name: 'torch' | 'keras'
  generate(document: NetworkDocument): GeneratedCode
}

const frameworks: readonly Framework[] = [
  { name: 'torch', generate: generatePyTorch },
  { name: 'keras', generate: generateKeras },
]

describe.each(frameworks)(`generated $name program${reason}`, ({ name: framework, generate }) => {
  let folder = ''
  const file = (index: number, ending: string) => join(folder, `case${index}.${ending}`)

  beforeAll(() => {
    if (python === null) return
    folder = mkdtempSync(join(tmpdir(), 'convscope-codegen-'))
    for (const [index, name] of names.entries()) {
      const document = caseOf(name)
      const network = requireSound(document)
      writeFileSync(file(index, 'py'), generate(document).text)
      writeFileSync(file(index, 'safetensors'), writeSafetensors(weightsOf(network)))
      writeFileSync(file(index, 'bin'), new Uint8Array(picturesOf(network).buffer))
    }
    const script = join(import.meta.dirname, 'run_generated.py')
    const args = [script, framework, folder, ...names.map((_name, index) => `case${index}`)]
    const { status, stderr } = spawnSync(python, args, { encoding: 'utf8' })
    if (status !== 0) throw new Error(stderr)
  }, 600_000)

  afterAll(() => {
    if (folder) rmSync(folder, { recursive: true, force: true })
  })

  it.skipIf(python === null).each(names)('gives the logits of our engine: %s', { timeout: 60_000 }, async (name) => {
    const index = names.indexOf(name)
    const error = file(index, 'error')
    expect(existsSync(error) ? readFileSync(error, 'utf8') : '').toBe('')
    const bytes = Uint8Array.from(readFileSync(file(index, 'logits')))
    const logits = new Float32Array(bytes.buffer)
    const ours = await predict(requireSound(caseOf(name)))
    expect(logits.length).toBe(ours.length)
    expect(spread(ours)).toBeGreaterThan(2e-3)
    expect(relativeDifference(logits, ours)).toBeLessThan(1e-5)
  })
})

function caseOf(name: string): NetworkDocument {
  const document = cases[name]
  if (!document) throw new Error(`there is no case "${name}"`)
  return document
}

async function predict(network: SoundNetwork): Promise<Float32Array> {
  const engine = await createEagerEngine(null)
  const compiled = await engine.compile({ network, loss, optimizer, data: null })
  compiled.setWeights(weightsOf(network))
  const logits = compiled.predict(picturesOf(network), pictureCount)
  compiled.dispose()
  return logits
}

/** How far the pictures' logits lie apart, as a share of the largest: a network that ignores its picture proves nothing. */
function spread(logits: Float32Array): number {
  const classes = logits.length / pictureCount
  const first = logits.subarray(0, classes)
  const distances = Array.from(logits, (value, index) => Math.abs(value - (first[index % classes] ?? NaN)))
  return Math.max(...distances) / Math.max(...logits.map(Math.abs))
}
