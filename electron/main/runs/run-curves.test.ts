import { expect, onTestFinished, test } from 'vitest'
import type { Overlay, SeriesQuery } from '../../../shared/ipc/organize-calls'
import { smooth } from '../../../shared/metrics/smooth'
import type { StepRecord } from '../../../shared/training/state'
import { openStorage } from '../db/open'
import { createCurvesRepository } from '../db/repositories/curves'
import { createStepsRepository } from '../db/repositories/steps'
import { config, epochResult, smallNetwork, started, temporaryHome } from '../testing/fixtures'
import { createRunCurves } from './run-curves'
import { createRunRecorder } from './run-recorder'
import { createStepCurves } from './step-curves'

function setUp() {
  const storage = openStorage(temporaryHome())
  onTestFinished(() => storage.close())
  const log = (message: string) => void messages.push(message)
  const messages: string[] = []
  const recorder = createRunRecorder(storage, { appVersion: '1', notify: () => undefined, log })
  const curves = createRunCurves(storage, recorder, log)
  onTestFinished(() => void curves.stop())
  return { db: storage.db, recorder, curves, packed: createCurvesRepository(storage.db), messages }
}
type Parts = ReturnType<typeof setUp>

const loss = (step: number) => 2 / step
const rate = (step: number) => (step <= 50 ? 0.01 : 0.001)

function steps(from: number, to: number): StepRecord[] {
  return Array.from({ length: to - from + 1 }, (_, i) => ({
    step: from + i,
    loss: loss(from + i),
    learningRate: rate(from + i),
  }))
}

/** Two epochs of 50 steps each, of 2 and 0.5 seconds of training and validation. */
function train({ recorder }: Parts, { end = true, total = 100 } = {}): string {
  const { id } = recorder.create({ document: smallNetwork, config: config() })
  recorder.record(id, started)
  for (let epoch = 1; epoch <= total / 50; epoch++) {
    const step = epoch * 50
    const progress = { epoch, epochs: 2, step, totalSteps: 100, imagesPerSecond: 64 * 25, secondsLeft: null }
    recorder.record(id, { type: 'progress', progress, steps: steps(step - 49, step) })
    recorder.record(id, { type: 'epoch', result: epochResult(epoch), checkpoint: `epoch-${epoch}` })
  }
  if (end) recorder.record(id, { type: 'stopped' })
  return id
}

function query(ids: string[], part: Partial<SeriesQuery> = {}): SeriesQuery {
  return { ids, metric: 'trainLoss', axis: 'step', range: null, columns: 1000, smoothing: 0, raw: false, ...part }
}

function points({ lines, x, y }: Overlay, line = 0): { x: number[]; y: number[] } {
  const { from, to } = lines[line] ?? { from: 0, to: 0 }
  return { x: [...x.subarray(from, to)], y: [...y.subarray(from, to)] }
}

test('each run has its line; all steps where they fit', async () => {
  const parts = setUp()
  const ids = [train(parts), train(parts)]
  const found = await parts.curves.series(query(ids))
  expect(found.lines.map(({ run }) => run)).toEqual(ids)
  expect(found.domain).toEqual([1, 100])
  expect(points(found, 1).x).toEqual(Array.from({ length: 100 }, (_, i) => i + 1))
  expect(points(found, 1).y).toEqual([...Float32Array.from({ length: 100 }, (_, i) => loss(i + 1))])
})

test('the axis is steps, epochs or seconds of work', async () => {
  const parts = setUp()
  const id = train(parts)
  const epochs = points(await parts.curves.series(query([id], { axis: 'epoch' })))
  expect([epochs.x[24], epochs.x[49], epochs.x[99]]).toEqual([0.5, 1, 2])
  const time = points(await parts.curves.series(query([id], { axis: 'time' })))
  // The first epoch's 2 s, then its validation's 0.5 s before the second begins.
  expect([time.x[24], time.x[49], time.x[50], time.x[99]].map((x) => x?.toFixed(3))).toEqual([
    '1.000',
    '2.000',
    '2.540',
    '4.500',
  ])
})

test('steps of an epoch that is not finished go on at the speed of now', async () => {
  const parts = setUp()
  const id = train(parts, { end: false, total: 50 })
  const progress = { epoch: 2, epochs: 2, step: 60, totalSteps: 100, imagesPerSecond: 64 * 10, secondsLeft: null }
  parts.recorder.record(id, { type: 'progress', progress, steps: steps(51, 60) })
  const time = points(await parts.curves.series(query([id], { axis: 'time' })))
  // 2.5 s of the first epoch, and ten steps of a tenth of a second.
  expect(time.x[59]).toBeCloseTo(3.5, 6)
})

test('smoothing runs over all steps before they are thinned out, and the steps themselves may lie under it', async () => {
  const parts = setUp()
  const id = train(parts)
  const found = await parts.curves.series(query([id], { smoothing: 0.9, raw: true, range: [80, 90] }))
  expect(found.lines.map(({ raw }) => raw)).toEqual([true, false])
  const whole = smooth(
    Float32Array.from({ length: 100 }, (_, i) => loss(i + 1)),
    0.9,
  )
  const { x, y } = points(found, 1)
  expect(x).toEqual(Array.from({ length: 13 }, (_, i) => 79 + i))
  expect(y).toEqual([...whole.subarray(78, 91)])
  expect(found.domain).toEqual([1, 100])
})

test('few columns keep the smallest and the largest of each', async () => {
  const parts = setUp()
  const id = train(parts)
  const { x } = points(await parts.curves.series(query([id], { columns: 2 })))
  expect(x).toEqual([1, 50, 51, 100])
})

test('learning rates, and what each epoch gives', async () => {
  const parts = setUp()
  const id = train(parts)
  const rates = points(await parts.curves.series(query([id], { metric: 'learningRate' })))
  expect([rates.y[49], rates.y[50]].map((y) => y?.toFixed(4))).toEqual(['0.0100', '0.0010'])
  const accuracy = await parts.curves.series(query([id], { metric: 'validationAccuracy' }))
  expect(points(accuracy)).toEqual({ x: [50, 100], y: [0.875, 0.875] })
  const time = points(await parts.curves.series(query([id], { metric: 'validationLoss', axis: 'time' })))
  expect(time).toEqual({ x: [2.5, 5], y: [0.25, 0.25] })
})

test('ended runs are packed, and read the same from there', async () => {
  const parts = setUp()
  const ids = [train(parts), train(parts)]
  const before = await parts.curves.series(query(ids))
  await parts.curves.packAll()
  expect(parts.messages).toEqual([])
  expect(parts.packed.unpacked(10)).toEqual([])
  const stored = parts.packed.get(ids[0] ?? '')
  expect(stored?.loss).toEqual(Float32Array.from({ length: 100 }, (_, i) => loss(i + 1)))
  const fresh = createStepCurves(parts.packed)
  expect(fresh.get(ids[1] ?? '').loss).toEqual(before.y.subarray(100))
})

test('a run that goes back to a checkpoint loses what was packed of it', () => {
  const parts = setUp()
  const id = train(parts)
  createStepCurves(parts.packed).pack(id)
  expect(parts.packed.get(id)).not.toBeNull()
  parts.db.prepare('DELETE FROM steps WHERE step > 70').run()
  expect(parts.packed.get(id)).toBeNull()
  const curve = createStepCurves(parts.packed).get(id)
  expect([curve.loss.length, curve.learningRate.length]).toEqual([70, 70])
})

test('a step that is missing or not a number leaves a gap, and one learning rate is kept once', () => {
  const parts = setUp()
  const { id } = parts.recorder.create({ document: smallNetwork, config: config() })
  createStepsRepository(parts.db).insert(id, [
    { step: 1, loss: 1, learningRate: 0.5 },
    { step: 3, loss: NaN, learningRate: 0.5 },
    { step: 4, loss: 4, learningRate: 0.5 },
  ])
  const curves = createStepCurves(parts.packed)
  curves.pack(id)
  expect(parts.packed.get(id)).toEqual({
    loss: Float32Array.of(1, NaN, NaN, 4),
    learningRate: Float32Array.of(0.5),
  })
  const longer = curves.get(id, [{ step: 5, loss: 5, learningRate: 0.25 }])
  expect([...longer.learningRate]).toEqual([0.5, 0.5, 0.5, 0.5, 0.25])
})
