import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { AppError } from '../../../shared/errors'
import { writeSafetensors } from '../../../shared/formats/safetensors'
import type { InspectorEvent, LookCommand, WeightsOrigin } from '../../../shared/inspect/messages'
import type { InspectQuery } from '../../../shared/inspect/queries'
import { requireSound } from '../../../shared/network/analyze'
import { createEagerEngine } from '../engines/eager/engine'
import type { Engine } from '../engines/engine'
import { initialWeights } from '../engines/weights/initial'
import { toEngine } from '../engines/weights/layout'
import { networkWeights } from '../engines/weights/names'
import { tinyConfig, tinyDataset, tinyNetwork } from '../testing/tiny'
import { createInspector, type InspectorOptions } from './inspector'

const network = requireSound(tinyNetwork)
const { bytes, kernels, predictions } = queries()

let folder: string
let events: InspectorEvent[]
let onEvent: (event: InspectorEvent) => void
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'convscope-inspect-'))
  events = []
  onEvent = () => undefined
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function queries() {
  const values = Uint8Array.from({ length: 36 }, (_, at) => at * 7)
  const bytes: InspectQuery = { type: 'activations', picture: { type: 'bytes', values }, pages: [] }
  const kernels: InspectQuery = { type: 'kernels', layer: 'conv1' }
  const predictions: InspectQuery = { type: 'predictions', split: 'train', limit: null }
  return { bytes, kernels, predictions }
}

function open(options: InspectorOptions = {}) {
  const look: LookCommand = { type: 'look', document: tinyNetwork, config: tinyConfig({ seed: 5 }), dataFolder: null }
  const data = tinyDataset(3000)
  const say = (event: InspectorEvent) => {
    events.push(event)
    onEvent(event)
  }
  const inspector = createInspector(look, say, {
    startEngine: () => createEagerEngine(null),
    load: (_id, split) => data[split],
    ...options,
  })
  return {
    inspector,
    ask(request: string, query: InspectQuery, weights: WeightsOrigin = { type: 'initial' }) {
      inspector.take({ type: 'ask', request, weights, query })
    },
  }
}

function lastOf(request: string) {
  return events.findLast(
    (event) => (event.type === 'answered' || event.type === 'refused') && event.request === request,
  )
}

async function outcome(request: string) {
  await vi.waitFor(() => expect(lastOf(request)).toBeDefined(), { timeout: 10_000 })
  return lastOf(request)
}

function fileWith(seed: number): WeightsOrigin {
  const file = join(folder, `${seed}.safetensors`)
  writeFileSync(file, writeSafetensors(initialWeights(network, 'pytorch', seed)))
  return { type: 'file', file }
}

function kernelOf(seed: number): Float32Array {
  return initialWeights(network, 'pytorch', seed).get('conv1.weight')?.values ?? new Float32Array()
}

describe('the inspector', () => {
  it('answers with the weights of the run’s seed, of a file, and of a training', async () => {
    const { ask, inspector } = open({ patience: 300 })
    ask('seed', kernels)
    ask('file', kernels, fileWith(8))
    const given = initialWeights(network, 'pytorch', 9)
    const weights = networkWeights(network).map(({ name, spec }) => {
      return { name, values: toEngine(spec, given.get(name)?.values ?? new Float32Array()), rowsOf: null }
    })
    ask('early', kernels, { type: 'live', number: 3 })
    inspector.take({ type: 'weights', number: 3, weights })
    ask('live', kernels, { type: 'live', number: 3 })
    ask('older', kernels, { type: 'live', number: 2 })
    ask('never', kernels, { type: 'live', number: 4 })
    expect(await outcome('seed')).toMatchObject({ answer: { shape: [3, 1, 3, 3], values: kernelOf(5) } })
    expect(await outcome('file')).toMatchObject({ answer: { values: kernelOf(8) } })
    for (const request of ['early', 'live', 'older']) {
      expect(await outcome(request)).toMatchObject({ answer: { values: kernelOf(9) } })
    }
    expect(await outcome('never')).toMatchObject({ type: 'refused', error: { kind: 'internal' } })
  })

  it('names a file that is missing, damaged, or of another network', async () => {
    const { ask } = open()
    ask('missing', kernels, { type: 'file', file: join(folder, 'none.safetensors') })
    writeFileSync(join(folder, 'cut.safetensors'), 'x')
    ask('cut', kernels, { type: 'file', file: join(folder, 'cut.safetensors') })
    const other = new Map([['fc9.weight', { shape: [1], values: new Float32Array(1) }]])
    writeFileSync(join(folder, 'other.safetensors'), writeSafetensors(other))
    ask('other', kernels, { type: 'file', file: join(folder, 'other.safetensors') })
    for (const [request, kind] of [
      ['missing', 'not-found'],
      ['cut', 'invalid-input'],
      ['other', 'invalid-input'],
    ] as const) {
      const event = await outcome(request)
      expect(event).toMatchObject({ type: 'refused', error: { kind } })
      expect(event?.type === 'refused' && event.error.message).toContain(
        `${request === 'missing' ? 'none' : request}.safetensors`,
      )
    }
    ask('sound', kernels)
    expect(await outcome('sound')).toMatchObject({ type: 'answered' })
  })

  it('sees that a file was written anew', async () => {
    const { ask } = open()
    const origin = fileWith(8)
    ask('first', kernels, origin)
    await outcome('first')
    if (origin.type === 'file') {
      rmSync(origin.file)
      writeFileSync(origin.file, writeSafetensors(initialWeights(network, 'pytorch', 11), { longer: 'yes' }))
    }
    ask('second', kernels, origin)
    expect(await outcome('second')).toMatchObject({ answer: { values: kernelOf(11) } })
  })

  it('answers short questions between the slices of a long one, each with its own weights', async () => {
    const { ask } = open()
    const alone = fileWith(8)
    ask('alone', predictions, alone)
    const expected = await outcome('alone')
    onEvent = ({ type }) => {
      if (type !== 'progress') return
      onEvent = () => undefined
      ask('short', bytes)
      ask('kernels', kernels)
    }
    ask('long', predictions, alone)
    const result = await outcome('long')
    const order = events.flatMap((event) => (event.type === 'answered' ? [event.request] : []))
    expect(order).toEqual(['alone', 'short', 'kernels', 'long'])
    if (expected?.type !== 'answered' || result?.type !== 'answered') throw new Error('not answered')
    expect(result.answer).toEqual(expected.answer)
  })

  it('tells progress with what is known so far, but not too often', async () => {
    let time = 0
    const { ask } = open({ milliseconds: () => (time += 60) })
    ask('long', predictions)
    await outcome('long')
    const told = events.flatMap((event) => (event.type === 'progress' ? [event.progress] : []))
    expect(told.length).toBeGreaterThan(2)
    expect(told.map(({ total }) => total)).toEqual(told.map(() => 3000))
    const partial = told.find((progress) => progress.partial)?.partial
    expect(partial).toMatchObject({ classes: 3, count: told[0]?.done })
    // Its clock runs 60 ms a step: at least 100 between two, 333 between two that show something.
    expect(told.filter((progress) => progress.partial).length).toBeLessThanOrEqual(Math.ceil(told.length / 3))
  })

  it('ends a long question, and one that waits, when they are cancelled', async () => {
    const { ask, inspector } = open()
    onEvent = ({ type }) => {
      if (type !== 'progress') return
      onEvent = () => undefined
      for (const request of ['waits', 'long', 'unknown']) inspector.take({ type: 'cancel', request })
    }
    ask('long', predictions)
    ask('waits', predictions)
    expect(await outcome('long')).toMatchObject({ type: 'refused', error: { kind: 'cancelled' } })
    expect(await outcome('waits')).toMatchObject({ type: 'refused', error: { kind: 'cancelled' } })
    ask('after', bytes)
    expect(await outcome('after')).toMatchObject({ type: 'answered' })
    expect(events.filter(({ type }) => type === 'answered')).toHaveLength(1)
  })

  it('refuses the oldest of a kind when a window asks faster than it answers', async () => {
    const { ask } = open()
    for (let at = 0; at < 40; at++) ask(`kernels ${at}`, kernels)
    await outcome('kernels 39')
    const refused = events.flatMap((event) => (event.type === 'refused' ? [event.request] : []))
    expect(refused).toEqual(Array.from({ length: 8 }, (_, at) => `kernels ${at}`))
  })

  it('passes on why no engine starts, to every question', async () => {
    const startEngine = (): Promise<Engine> =>
      Promise.reject(new AppError('engine-missing', 'TensorFlow is not installed.'))
    const { ask } = open({ startEngine })
    ask('one', kernels)
    expect(await outcome('one')).toMatchObject({ type: 'refused', error: { kind: 'engine-missing' } })
    ask('two', kernels)
    expect(await outcome('two')).toMatchObject({ type: 'refused', error: { kind: 'engine-missing' } })
  })

  it('says that the data set is missing where a picture of it is asked for, and only there', async () => {
    const load = (): never => {
      throw new AppError('data-missing', 'MNIST is not there.')
    }
    const { ask } = open({ load })
    ask('set', predictions)
    ask('own', bytes)
    expect(await outcome('set')).toMatchObject({ type: 'refused', error: { kind: 'data-missing' } })
    expect(await outcome('own')).toMatchObject({ type: 'answered' })
  })
})
