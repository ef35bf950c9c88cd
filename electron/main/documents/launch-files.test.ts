import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { fileOfArguments } from './launch-files'

test('the network file among the arguments, relative to where the command ran', () => {
  const folder = resolve('/home/someone')
  expect(fileOfArguments(['convscope', '--no-sandbox', 'net.convscope'], folder)).toBe(resolve(folder, 'net.convscope'))
  expect(fileOfArguments(['convscope', '.', resolve('/nets/VGG.JSON')], folder)).toBe(resolve('/nets/VGG.JSON'))
  expect(fileOfArguments(['convscope', '.', '--file=net.convscope', '/some/folder'], folder)).toBeNull()
  expect(fileOfArguments(['/opt/app.convscope'], folder)).toBeNull()
})
