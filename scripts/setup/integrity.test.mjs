import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { fileIntegrity, verifyFile } from './integrity.mjs'

// printf 'convolution' | openssl dgst -sha256 -binary | base64
const text = 'convolution'
const integrity = 'sha256-nKAclEecnTwnxkOOFtErpqdMMe9A2G2XNXVElvb+5Zs='

let folder = ''
let path = ''

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'convscope-'))
  path = join(folder, 'file')
  writeFileSync(path, text)
})
afterEach(() => rmSync(folder, { recursive: true }))

test('the digest has the form of npm’s integrity fields', async () => {
  expect(await fileIntegrity(path, 'sha256')).toBe(integrity)
})

test('the pinned file passes and stays', async () => {
  await verifyFile(path, { integrity, bytes: text.length })
  expect(existsSync(path)).toBe(true)
})

test('a changed file of the same size is refused and removed', async () => {
  writeFileSync(path, 'convolutiom')
  await expect(verifyFile(path, { integrity, bytes: text.length })).rejects.toThrow(/not the file it should be/)
  expect(existsSync(path)).toBe(false)
})

test('a cut-off file is refused and removed, and the message has both sizes', async () => {
  writeFileSync(path, 'conv')
  await expect(verifyFile(path, { integrity, bytes: text.length })).rejects.toThrow(/expected 11 bytes.*found 4 bytes/)
  expect(existsSync(path)).toBe(false)
})
