import { mount } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { TooltipProvider } from 'reka-ui'
import { beforeEach, expect, test } from 'vitest'
import { h } from 'vue'
import type { ExportProof as Proof, ExportRecord } from '../../../shared/exports/exports'
import ExportProof from './ExportProof.vue'
import PastExports from './PastExports.vue'

const outputs: Proof = {
  type: 'outputs',
  reader: 'ONNX Runtime 1',
  reference: 'TensorFlow 2',
  pictures: 100,
  source: 'test',
  largestDifference: 0.25,
  largestOutput: 4,
  tolerance: 4e-4,
  agrees: false,
}

function recordOf(proof: Proof): ExportRecord {
  return { id: '1', run: '2', format: 'onnx', moment: 'epoch-0001', path: '/out/x.onnx', bytes: 9, createdAt: 5, proof }
}

beforeEach(() => setActivePinia(createPinia()))

test('a failed proof says so, with its numbers, and offers no file to show', () => {
  const proof = mount(ExportProof, { props: { record: recordOf(outputs) } })
  expect(proof.get('h3').text()).toBe('Proof failed')
  expect(proof.text()).toContain('nothing was kept')
  expect(proof.text()).toContain('0.250, of outputs up to 4.00')
  expect(proof.text()).toContain('Allowed')
  expect(proof.find('button').exists()).toBe(false)
})

test('what its reader refused says why', () => {
  const proof = mount(ExportProof, { props: { record: recordOf({ type: 'unread', detail: 'no zip', agrees: false }) } })
  expect(proof.text()).toContain('Could not be read back')
  expect(proof.text()).toContain('no zip')
})

test('an agreeing proof names reader and difference, and shows the file', () => {
  const proof = mount(ExportProof, {
    props: { record: recordOf({ ...outputs, largestDifference: 2e-6, agrees: true }) },
  })
  expect(proof.get('h3').text()).toBe('Computes the same')
  expect(proof.text()).toContain('2.0e−6')
  expect(proof.text()).toContain('ONNX Runtime 1')
  expect(proof.findAll('button')).toHaveLength(1)
})

test('earlier exports tell failed ones from good ones', () => {
  const records = [
    recordOf({ ...outputs, largestDifference: Infinity }),
    { ...recordOf({ type: 'table', reader: 'r', steps: 3, epochs: 1, differing: 2, agrees: false }), id: '2' },
    { ...recordOf({ ...outputs, agrees: true }), id: '3' },
  ]
  const table = mount(() => h(TooltipProvider, null, () => h(PastExports, { records })))
  const rows = table.findAll('tbody tr')
  expect(rows.map((row) => [row.text().includes('Proof failed'), row.findAll('button').length])).toEqual([
    [true, 0],
    [true, 0],
    [false, 1],
  ])
  expect(rows[0]?.text()).toContain('∞')
  expect(rows[1]?.text()).toContain('2 values differ')
})
