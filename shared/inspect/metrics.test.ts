import { describe, expect, it } from 'vitest'
import {
  accuracyOf,
  argMax,
  calibrationOf,
  classScores,
  confusionMatrix,
  hardest,
  judge,
  macroAverage,
  meanOf,
  picturesOfCell,
  rowShares,
  softmax,
  type Judgement,
} from './metrics'

type Row = readonly [label: number, predicted: number, confidence: number, loss: number]

/** Ten pictures of three classes. */
const pictures: readonly Row[] = [
  [0, 0, 0.95, 0.05],
  [0, 0, 0.85, 0.16],
  [0, 1, 0.6, 1.2],
  [0, 0, 1, 0],
  [1, 1, 0.55, 0.6],
  [1, 1, 0.9, 0.1],
  [1, 0, 0.75, 2.5],
  [2, 1, 0.4, 1.2],
  [2, 0, 0.65, 3],
  [2, 1, 0.8, 2],
]

function judgementOf(rows: readonly Row[], classes = 3): Judgement {
  return {
    count: rows.length,
    classes,
    labels: Uint8Array.from(rows, ([label]) => label),
    predicted: Uint8Array.from(rows, ([, predicted]) => predicted),
    confidence: Float32Array.from(rows, ([, , confidence]) => confidence),
    likelihood: new Float32Array(rows.length),
    losses: Float32Array.from(rows, ([, , , loss]) => loss),
  }
}

describe('softmax', () => {
  it('of ln 1, ln 2, ln 5 is 1/8, 2/8, 5/8', () => {
    const shares = softmax([Math.log(1), Math.log(2), Math.log(5)])
    expect([...shares]).toEqual([expect.closeTo(0.125, 12), expect.closeTo(0.25, 12), expect.closeTo(0.625, 12)])
  })

  it('stays finite where the powers would not', () => {
    expect([...softmax([1000, 1000, -1000])]).toEqual([0.5, 0.5, 0])
  })
})

describe('judge', () => {
  const judged = judge({
    count: 3,
    classes: 3,
    labels: Uint8Array.of(2, 0, 1),
    logits: Float32Array.of(0, Math.log(2), Math.log(5), Math.log(3), Math.log(6), 0, 4, 4, 4),
    losses: Float32Array.of(0.47, 1.204, 1.0986),
  })

  it('takes the largest logit, of equals the first', () => {
    expect([...judged.predicted]).toEqual([2, 1, 0])
  })

  it('gives the probabilities of the predicted and of the true class', () => {
    const near = (values: number[]) => values.map((value) => expect.closeTo(value, 6) as number)
    expect([...judged.confidence]).toEqual(near([5 / 8, 6 / 10, 1 / 3]))
    expect([...judged.likelihood]).toEqual(near([5 / 8, 3 / 10, 1 / 3]))
  })

  it('counts one of three as right', () => {
    expect(accuracyOf(judged)).toBeCloseTo(1 / 3, 12)
  })
})

describe('confusion', () => {
  const matrix = confusionMatrix(judgementOf(pictures))

  it('has true classes in rows and predicted ones in columns', () => {
    expect([...matrix]).toEqual([3, 1, 0, 1, 2, 0, 1, 2, 0])
  })

  it('divides a row by its pictures, and leaves an empty row zero', () => {
    const shares = [3 / 4, 1 / 4, 0, 1 / 3, 2 / 3, 0, 1 / 3, 2 / 3, 0]
    expect([...rowShares(matrix, 3)]).toEqual(shares.map((share) => expect.closeTo(share, 12) as number))
    expect([...rowShares(Int32Array.of(0, 0, 2, 2), 2)]).toEqual([0, 0, 0.5, 0.5])
  })

  it('gives precision, recall and F1 of each class as worked out by hand', () => {
    const [zero, one, two] = classScores(matrix, 3)
    expect(zero).toMatchObject({ support: 4, predicted: 5, precision: 3 / 5, recall: 3 / 4, f1: 6 / 9 })
    expect(one).toMatchObject({ support: 3, predicted: 5, precision: 2 / 5, recall: 2 / 3, f1: 4 / 8 })
    expect(two).toMatchObject({ support: 3, predicted: 0, precision: null, recall: 0, f1: 0 })
  })

  it('says nothing of a class that neither occurs nor is predicted, and counts it as 0 in the mean', () => {
    const scores = classScores(Int32Array.of(4, 0, 0, 0), 2)
    expect(scores[1]).toMatchObject({ precision: null, recall: null, f1: null })
    expect(macroAverage(scores)).toEqual({ precision: 0.5, recall: 0.5, f1: 0.5 })
  })

  it('averages the classes without weights', () => {
    const mean = macroAverage(classScores(matrix, 3))
    expect(mean.precision).toBeCloseTo((0.6 + 0.4 + 0) / 3, 12)
    expect(mean.recall).toBeCloseTo((3 / 4 + 2 / 3 + 0) / 3, 12)
    expect(mean.f1).toBeCloseTo((2 / 3 + 1 / 2 + 0) / 3, 12)
  })
})

describe('pictures', () => {
  it('of a cell come with the largest loss first', () => {
    expect(picturesOfCell(judgementOf(pictures), 2, 1)).toEqual([9, 7])
    expect(picturesOfCell(judgementOf(pictures), 1, 2)).toEqual([])
  })

  it('that are hardest have the largest loss; of equals the earlier is first', () => {
    expect(hardest(judgementOf(pictures), 5)).toEqual([8, 6, 9, 2, 7])
  })

  it('whose loss is no number are the hardest of all', () => {
    const rows: Row[] = [...pictures.slice(0, 3), [1, 1, 0.5, NaN]]
    expect(hardest(judgementOf(rows), 2)).toEqual([3, 2])
  })
})

describe('calibration', () => {
  const calibration = calibrationOf(judgementOf(pictures), 4)

  it('puts each confidence in the bin that it closes', () => {
    // 0.4 | 0.55 0.6 0.65 0.75 | 0.8 0.85 0.9 0.95 1
    expect(calibration.bins.map((bin) => bin.count)).toEqual([0, 1, 4, 5])
    expect(calibration.bins.map((bin) => bin.correct)).toEqual([0, 0, 1, 4])
    expect(calibration.bins[0]).toMatchObject({ low: 0, high: 0.25, confidence: null, accuracy: null })
    expect(calibration.bins[2]?.confidence).toBeCloseTo(0.6375, 6)
  })

  it('weighs the gaps by their pictures', () => {
    // (1 · |0 − 0.4| + 4 · |0.25 − 0.6375| + 5 · |0.8 − 0.9|) / 10
    expect(calibration.expectedError).toBeCloseTo(0.245, 6)
    expect(calibration.largestError).toBeCloseTo(0.4, 6)
  })

  it('is perfect where of the pictures at 75 % three in four are right', () => {
    const rows = [0, 0, 0, 1].map((predicted): Row => [0, predicted, 0.75, 0])
    expect(calibrationOf(judgementOf(rows, 2), 10).expectedError).toBe(0)
  })

  it('of nothing is not a number', () => {
    expect(calibrationOf(judgementOf([]), 10).expectedError).toBeNaN()
  })
})

it('means and largest values are plain', () => {
  expect(meanOf([1, 2, 6])).toBe(3)
  expect(argMax([1, 5, 5, 2])).toBe(1)
  expect(argMax([])).toBe(0)
})
