import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createEagerEngine } from '../../electron/trainer/engines/eager/engine'
import { importOnnx } from '../../shared/import/onnx'
import { requireSound } from '../../shared/network/analyze'
import { runConfigSchema } from '../../shared/training/config'
import { relativeDifference } from '../engines/compare'

const folder = join(import.meta.dirname, 'data')
const expected = JSON.parse(readFileSync(join(folder, 'logits.json'), 'utf8')) as Record<string, number[][]>
const usual = { height: 28, width: 28, channels: 1 }
const { loss, optimizer } = runConfigSchema.parse({})

function read(name: string): Uint8Array {
  return Uint8Array.from(readFileSync(join(folder, `${name}.onnx`)))
}

describe('importOnnx', () => {
  it.each(['exported', 'traced'])('computes what PyTorch did: %s.onnx', async (name) => {
    const { document, weights, report } = importOnnx(read(name), `${name}.onnx`, usual)
    expect(report.filter(({ code }) => code !== 'renamed')).toEqual([])
    const engine = await createEagerEngine(null)
    const network = await engine.compile({ network: requireSound(document), loss, optimizer, data: null })
    network.setWeights(weights ?? new Map())
    const logits = network.predict(pictures(), 2)
    network.dispose()
    expect(relativeDifference(logits, expected[name]?.flat() ?? [])).toBeLessThan(1e-5)
  })

  it('names layers by their weights', () => {
    const { document, weights } = importOnnx(read('exported'), 'exported.onnx', usual)
    expect(document.layers.map(({ id }) => id)).toEqual(expect.arrayContaining(['conv1', 'bn2', 'up', 'gate', 'out']))
    expect(weights?.get('bn2.running_var')?.shape).toEqual([4])
  })

  it.each([0, 1, 100, 5000])('refuses a file cut after %d bytes', (length) => {
    expect(() => importOnnx(read('traced').slice(0, length), 'cut.onnx', usual)).toThrow(/cut\.onnx/)
  })

  it('says which operators it does not know, and goes on behind them', () => {
    // The same number of letters, so that the lengths in the file stay.
    const bytes = Buffer.from(
      Buffer.from(read('exported')).toString('latin1').replace('LeakyRelu', 'Unknown99'),
      'latin1',
    )
    const { document, report } = importOnnx(Uint8Array.from(bytes), 'odd.onnx', usual)
    expect(report.map(({ code, params }) => [code, params['layer']])).toContainEqual(['unknown-layer', 'Unknown99'])
    const conv2 = document.layers.find(({ id }) => id === 'conv2')
    expect(conv2?.inputs).toEqual(['conv1'])
  })
})

/** NCHW `sin(0, 1, 2, ...)` as make_onnx.py has it, in NHWC. */
function pictures(): Float32Array {
  const [channels, height, width] = [2, 11, 12]
  const values = new Float32Array(2 * channels * height * width)
  for (let at = 0; at < values.length; at++) {
    const [channel, place] = [at % channels, Math.floor(at / channels)]
    const [picture, pixel] = [Math.floor(place / (height * width)), place % (height * width)]
    values[at] = Math.sin((picture * channels + channel) * height * width + pixel)
  }
  return values
}
