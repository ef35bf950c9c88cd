import { expect, it } from 'vitest'
import { shorten, wallItems } from './wall-items'

it('says of each picture what it is and what it was taken for', () => {
  const judgement = {
    count: 3,
    classes: 2,
    labels: Uint8Array.of(0, 1, 1),
    predicted: Uint8Array.of(0, 0, 1),
    confidence: Float32Array.of(0.75, 0.5, 1),
    likelihood: Float32Array.of(0.75, 0.5, 1),
    losses: Float32Array.of(0.25, 2, 0),
  }
  expect(wallItems(judgement, [2, 1])).toEqual([
    { index: 2, label: 1, predicted: 1, confidence: 1, loss: 0 },
    { index: 1, label: 1, predicted: 0, confidence: 0.5, loss: 2 },
  ])
})

it('cuts a name where it would not fit', () => {
  const measure = (text: string) => text.length
  expect(shorten('Ankle boot', 10, measure)).toBe('Ankle boot')
  expect(shorten('Ankle boot', 8, measure)).toBe('Ankle b…')
  expect(shorten('Ankle boot', 7, measure)).toBe('Ankle…')
  expect(shorten('Ankle boot', 0, measure)).toBe('…')
})
