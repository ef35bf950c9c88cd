import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { NamedTensor } from '../tensors'

const folder = join(import.meta.dirname, 'fixtures')

/** A file that make_fixtures.py wrote with NumPy or PyTorch. */
export function fixtureBytes(name: string): Uint8Array {
  return new Uint8Array(readFileSync(join(folder, name)))
}

const expected = JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8')) as Record<
  string,
  { shape: number[]; values: (number | string)[] }
>

/** What NumPy or PyTorch says is in it; infinities are texts in the JSON file. */
export function expectedTensor(name: string): NamedTensor {
  const tensor = expected[name]
  if (!tensor) throw new RangeError(`make_fixtures.py notes nothing as ${name}`)
  return { shape: tensor.shape, values: Float32Array.from(tensor.values, Number) }
}

/** The names noted for one file of several tensors. */
export function expectedNames(file: string): string[] {
  return Object.keys(expected)
    .filter((name) => name.startsWith(`${file}/`))
    .map((name) => name.slice(file.length + 1))
}
