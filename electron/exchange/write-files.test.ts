import { unzipSync } from 'fflate'
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { writeFiles } from './write-files'

const files = new Map([
  ['README.md', new TextEncoder().encode('hello')],
  ['checkpoint/weights.safetensors', Uint8Array.of(1, 2, 3)],
])

function temporary(): string {
  const folder = mkdtempSync(join(tmpdir(), 'convscope-files-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

it('writes a folder, also in place of an empty one', () => {
  const folder = temporary()
  mkdirSync(join(folder, 'project'))
  writeFiles(join(folder, 'project'), files)
  expect(readFileSync(join(folder, 'project', 'README.md'), 'utf8')).toBe('hello')
  expect([...readFileSync(join(folder, 'project', 'checkpoint', 'weights.safetensors'))]).toEqual([1, 2, 3])
  expect(readdirSync(folder)).toEqual(['project'])
})

it('writes a zip file with one folder in it', () => {
  const folder = temporary()
  writeFiles(join(folder, 'my run.zip'), files)
  const read = unzipSync(readFileSync(join(folder, 'my run.zip')))
  expect(Object.keys(read)).toEqual(['my run/README.md', 'my run/checkpoint/weights.safetensors'])
  expect([...(read['my run/checkpoint/weights.safetensors'] ?? [])]).toEqual([1, 2, 3])
})

it('leaves what is there alone, and nothing half-written behind', () => {
  const folder = temporary()
  mkdirSync(join(folder, 'full'))
  writeFileSync(join(folder, 'full', 'mine'), '')
  expect(() => writeFiles(join(folder, 'full'), files)).toThrow('holds files')
  expect(() => writeFiles(join(folder, 'full', 'mine', 'below'), files)).toThrow('cannot be written')
  expect(readdirSync(folder)).toEqual(['full'])
  expect(readdirSync(join(folder, 'full'))).toEqual(['mine'])
})
