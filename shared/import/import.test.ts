import { describe, expect, it } from 'vitest'
import { readImport } from './import'
import { fileContent } from './source'

const usual = { height: 28, width: 28, channels: 1 }

function readText(text: string, format: 'auto' | 'pytorch' | 'keras' = 'auto') {
  return readImport({ type: 'text', text, format }, null, usual)
}

describe('readImport', () => {
  it.each([
    ['pytorch', 'import torch.nn as nn\nnet = nn.Sequential(nn.ReLU())'],
    ['pytorch', '>>> print(net)\nNet(\n  (a): ReLU()\n)'],
    ['keras', '{"class_name": "Sequential", "config": {"layers": [{"class_name": "ReLU", "config": {}}]}}'],
    ['keras', '\'{"class_name": "Sequential", "config": {"layers": [{"class_name": "ReLU", "config": {}}]}}\''],
  ])('recognizes %s', (format, text) => {
    expect(readText(text)).toMatchObject({ type: 'read', format, input: usual })
  })

  it.each([
    ['empty', ' \n'],
    ['unknown-text', 'hello'],
    ['summary-table', '| Layer (type) | Output Shape |\n| dense (Dense) | (None, 10) |'],
    ['keras-source', 'import keras\nmodel = keras.Sequential([keras.layers.Dense(10)])'],
    ['keras-source', 'model = Sequential([layers.Dense(10)])'],
    ['python-class', 'class Net(nn.Module):\n  pass'],
    ['convscope-network', '{"format": "convscope.network", "version": 1,'],
    ['not-json', '{"class_name": "Sequential'],
    ['python-syntax', 'nn.Sequential(nn.ReLU('],
  ])('says %s', (code, text) => {
    expect(readText(text)).toMatchObject({ type: 'failed', code })
  })

  it('takes the format that a person chose', () => {
    expect(readText('nn.Sequential(nn.ReLU())', 'keras')).toMatchObject({ code: 'not-json', format: 'keras' })
    expect(readText('{}', 'pytorch')).toMatchObject({ code: 'not-pytorch', format: 'pytorch' })
  })

  it('takes the size that a person chose', () => {
    const size = { height: 9, width: 7, channels: 2 }
    const text = 'nn.Sequential(nn.Flatten(), nn.Linear(784, 10))'
    const answer = readImport({ type: 'text', text, format: 'auto' }, size, usual)
    expect(answer).toMatchObject({ input: size, result: { document: { layers: [{ params: size }, {}, {}] } } })
  })
})

describe('fileContent', () => {
  const bytes = (text: string) => new TextEncoder().encode(text)

  it.each([
    ['net.onnx', Uint8Array.of(8), { type: 'onnx' }],
    ['net.txt', bytes('\ufeffNet()'), { type: 'text', text: 'Net()' }],
    // As PowerShell redirects what Python prints.
    ['net.txt', Uint8Array.of(0xff, 0xfe, 0x4e, 0, 0x65, 0), { type: 'text', text: 'Ne' }],
    ['net', bytes('Net()'), { type: 'text', text: 'Net()' }],
  ])('reads %s', (name, content, found) => {
    expect(fileContent(name, content)).toEqual(found)
  })

  it.each([
    ['empty', 'net.txt', new Uint8Array()],
    ['pytorch-weights', 'net.pt', bytes('PK')],
    ['pytorch-weights', 'net.safetensors', bytes('{}')],
    ['pytorch-weights', 'net', bytes('PK\x03\x04')],
    ['keras-weights', 'net.keras', bytes('PK\x03\x04')],
    ['keras-weights', 'net', Uint8Array.of(0x89, 0x48, 0x44, 0x46)],
    ['not-text', 'picture.png', Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0xff)],
    ['not-text', 'net.txt', bytes('a\0b')],
    ['too-large', 'net.txt', new Uint8Array(16 * 2 ** 20 + 1).fill(32)],
  ])('refuses with %s: %s', (code, name, content) => {
    expect(() => fileContent(name, content)).toThrow(expect.objectContaining({ code }) as Error)
  })
})
