import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryHome } from '../testing/fixtures'
import { readImportFile } from './import-file'

test('gives a file as it is, with its name', async () => {
  const path = join(temporaryHome(), 'model.onnx')
  writeFileSync(path, Uint8Array.of(8, 0, 255))
  expect(await readImportFile(path)).toEqual({ type: 'read', name: 'model.onnx', bytes: Uint8Array.of(8, 0, 255) })
})

test('does not read what is too large', async () => {
  const path = join(temporaryHome(), 'model.onnx')
  writeFileSync(path, Uint8Array.of(1, 2, 3))
  expect(await readImportFile(path, 2)).toEqual({ type: 'too-large', name: 'model.onnx', size: 3, most: 2 })
})

test('says what is wrong with a path that is no file', async () => {
  const home = temporaryHome()
  const folder = join(home, 'folder.onnx')
  mkdirSync(folder)
  await expect(readImportFile(join(home, 'gone.onnx'))).rejects.toMatchObject({
    kind: 'not-found',
    message: expect.stringContaining('gone.onnx is not there any more') as unknown,
  })
  await expect(readImportFile(folder)).rejects.toMatchObject({
    kind: 'invalid-input',
    message: expect.stringContaining('is not a file') as unknown,
  })
})
