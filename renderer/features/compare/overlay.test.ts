import { describe, expect, it } from 'vitest'
import { runConfigSchema } from '../../../shared/training/config'
import { crowdDatasets, pointAt, type OverlayedLine } from '../../charts/overlay'
import { sampleRun } from '../../testing/samples'
import { overlayCsv } from './overlay-csv'
import { drawOverlay } from './overlay-svg'
import { lookOf } from './run-look'
import { resultRows, settingRows } from './settings-diff'
import { columnsFor } from './use-overlay'

it('has 32 looks that are all different', () => {
  const looks = Array.from({ length: 32 }, (_, n) => JSON.stringify(lookOf(n)))
  expect(new Set(looks).size).toBe(32)
  expect(lookOf(32)).toEqual(lookOf(0))
})

it('gives many lines fewer columns each, and no line more than its chart has', () => {
  expect(columnsFor(2, 700)).toBe(700)
  expect(columnsFor(1000, 700)).toBe(8)
  expect(columnsFor(1_000_000, 700)).toBe(8)
})

describe('pointAt', () => {
  const points = [
    { x: 1, y: 10 },
    { x: 5, y: 50 },
    { x: 9, y: 90 },
  ]
  it('takes the nearest point between the ends', () => {
    expect(pointAt(points, 3.1, 0)).toEqual({ x: 5, y: 50 })
    expect(pointAt(points, 2.9, 0)).toEqual({ x: 1, y: 10 })
  })
  it('reaches only a little beyond the ends', () => {
    expect(pointAt(points, 9.4, 0.5)).toEqual({ x: 9, y: 90 })
    expect(pointAt(points, 10, 0.5)).toBeNull()
    expect(pointAt([], 1, 1)).toBeNull()
  })
})

describe('overlayCsv', () => {
  const names = new Map([
    ['a', 'Wide, "best"'],
    ['b', 'Other'],
  ])

  it('writes one row a point, and quotes names with commas', () => {
    const overlay = {
      lines: [
        { run: 'a', raw: false, from: 0, to: 2 },
        { run: 'b', raw: false, from: 2, to: 3 },
      ],
      x: Float64Array.of(1, 2, 1),
      y: Float32Array.of(0.5, 0.25, 3),
      domain: [1, 2] as const,
    }
    expect(overlayCsv(overlay, names, { axis: 'step', metric: 'trainLoss', smoothing: 0 })).toBe(
      'run,name,step,trainLoss\na,"Wide, ""best""",1,0.5\na,"Wide, ""best""",2,0.25\nb,Other,1,3\n',
    )
  })

  it('says which values are smoothed and by how much, and keeps steps that only one of both has', () => {
    const overlay = {
      lines: [
        { run: 'b', raw: true, from: 0, to: 3 },
        { run: 'b', raw: false, from: 3, to: 5 },
      ],
      x: Float64Array.of(1, 2, 4, 1, 3),
      y: Float32Array.of(8, 4, 2, 8, 6),
      domain: [1, 4] as const,
    }
    expect(overlayCsv(overlay, names, { axis: 'step', metric: 'trainLoss', smoothing: 0.9 })).toBe(
      'run,name,step,trainLoss,trainLoss_smoothed_0.9\nb,Other,1,8,8\nb,Other,2,4,\nb,Other,3,,6\nb,Other,4,2,\n',
    )
  })
})

describe('drawOverlay', () => {
  const line: OverlayedLine = {
    run: 'a',
    name: 'A & B',
    points: [
      { x: 0, y: 1 },
      { x: 10, y: 100 },
    ],
    colour: 'curve-1',
    dash: [7, 4],
    isRaw: false,
  }
  const layout = {
    x: { min: 0, max: 10, ticks: [{ value: 5, text: '5' }] },
    y: { min: 1, max: 100, ticks: [{ value: 10, text: '10' }] },
  }
  const colours = {
    ground: '#fff',
    ink: '#000',
    faint: '#888',
    grid: '#ddd',
    curve: (token: string) => `rgb(${token.length}, 0, 0)`,
  }
  const draw = (log: boolean, lines = [line]) =>
    drawOverlay({ title: 'Loss', note: 'Smoothing 0.9', axis: 'Step', lines, layout, log }, colours).svg

  it('draws each line from corner to corner as the chart does, with its dash and its name', () => {
    const svg = draw(false)
    expect(svg).toContain(
      '<polyline points="66,452 866,52" stroke="rgb(7, 0, 0)" stroke-width="1.8" stroke-dasharray="7 4"/>',
    )
    expect(svg).toContain('>A &amp; B</text>')
    expect(svg).toContain('>Smoothing 0.9</text>')
    expect(new DOMParser().parseFromString(svg, 'image/svg+xml').querySelector('parsererror')).toBeNull()
  })
  it('puts the tick of ten in the middle of a logarithmic axis from one to a hundred, and leaves zero out', () => {
    expect(draw(true)).toContain('M 66 252 H 866')
    const zero = { ...line, points: [{ x: 0, y: 0 }, ...line.points] }
    expect(draw(true, [zero])).toContain('<polyline points="66,452 866,52"')
  })
})

describe('settingRows', () => {
  const a = sampleRun({ config: runConfigSchema.parse({ learning_rate: 0.1 }) })
  const b = sampleRun({ config: runConfigSchema.parse({ learning_rate: 0.2, optimizer: { type: 'sgd' } }) })

  it('puts what differs first, with a gap where a run has no such setting', () => {
    const rows = settingRows([a, b])
    const differing = rows.filter(({ differs }) => differs)
    expect(rows.slice(0, differing.length)).toEqual(differing)
    expect(differing.map(({ key, values }) => [key, ...values])).toEqual([
      ['optimizer', 'Adam', 'SGD'],
      ['optimizer.beta1', '0.9', null],
      ['optimizer.beta2', '0.999', null],
      ['optimizer.eps', '1e-8', null],
      ['learning_rate', '0.1', '0.2'],
    ])
  })
  it('marks, of many runs, what is unlike most', () => {
    const of = (rate: number) => sampleRun({ config: runConfigSchema.parse({ learning_rate: rate }) })
    const marked = (...rates: number[]) => settingRows(rates.map(of)).find(({ key }) => key === 'learning_rate')?.marked
    expect(marked(0.1, 0.2, 0.1)).toEqual([false, true, false])
    expect(marked(0.1, 0.2)).toEqual([true, true])
    expect(marked(0.1, 0.1, 0.2, 0.2)).toEqual([true, true, true, true])
    expect(marked(0.1, 0.1)).toEqual([false, false])
  })
  it('marks the best results', () => {
    const of = (accuracy: number, loss: number) => sampleRun({ state: { type: 'finished', test: { loss, accuracy } } })
    const [, accuracy, loss] = resultRows([of(0.9, 0.3), of(0.95, 0.4), of(0.95, 0.2)])
    expect(accuracy?.marked).toEqual([false, true, true])
    expect(loss?.marked).toEqual([false, false, true])
  })
  it('finds nothing between a run and itself', () => {
    expect(settingRows([a, a]).filter(({ differs }) => differs)).toEqual([])
  })
})

it('a crowd is one line for each colour, with a gap behind each run', () => {
  const line = (run: string, colour: string, y: number) => ({
    run,
    name: run,
    colour,
    dash: [],
    isRaw: false,
    points: [
      { x: 1, y },
      { x: 2, y },
    ],
  })
  const [red, blue, ...others] = crowdDatasets([line('a', 'red', 1), line('b', 'blue', 2), line('c', 'red', 3)])
  expect(others).toEqual([])
  expect(red?.points.map(({ y }) => y)).toEqual([1, 1, NaN, 3, 3, NaN])
  expect(blue?.points.map(({ x }) => x)).toEqual([1, 2, 2])
})
