import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { crc32, deflateRawSync } from 'node:zlib'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { listZip, unpackZip } from './zip.mjs'

let folder = ''

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'convscope-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

/**
 * A zip archive of these files, one deflated, one stored.
 * @param {Record<string, { text: string, mode: number, method: 0 | 8 }>} files
 */
function makeZip(files) {
  const parts = []
  const table = []
  let offset = 0
  for (const [name, { text, mode, method }] of Object.entries(files)) {
    const packed = method === 8 ? deflateRawSync(text) : Buffer.from(text)
    const common = Buffer.alloc(26)
    common.writeUInt16LE(20, 0)
    common.writeUInt16LE(method, 4)
    common.writeUInt32LE(crc32(text), 10)
    common.writeUInt32LE(packed.length, 14)
    common.writeUInt32LE(text.length, 18)
    common.writeUInt16LE(name.length, 22)
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), common, Buffer.from(name), packed])
    const rest = Buffer.alloc(14)
    rest.writeUInt32LE((mode << 16) >>> 0, 6)
    rest.writeUInt32LE(offset, 10)
    table.push(Buffer.from('PK\x01\x02\x14\x03'), common, rest, Buffer.from(name))
    parts.push(local)
    offset += local.length
  }
  const central = Buffer.concat(table)
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06')
  end.writeUInt16LE(Object.keys(files).length, 10)
  end.writeUInt32LE(central.length, 12)
  end.writeUInt32LE(offset, 16)
  const path = join(folder, 'a.zip')
  writeFileSync(path, Buffer.concat([...parts, central, end]))
  return path
}

test('wanted entries are unpacked with their modes', async () => {
  const path = makeZip({
    'App/App': { text: 'program'.repeat(100), mode: 0o755, method: 8 },
    'App/data': { text: 'stored', mode: 0o644, method: 0 },
    'App/left-out': { text: '', mode: 0o644, method: 0 },
  })
  expect(listZip(path).map((entry) => entry.name)).toEqual(['App/App', 'App/data', 'App/left-out'])
  const target = join(folder, 'out')
  await unpackZip(path, target, (name) => (name === 'App/left-out' ? null : name.replace('App/', '')))
  expect(readFileSync(join(target, 'App'), 'utf8')).toBe('program'.repeat(100))
  expect(statSync(join(target, 'App')).mode & 0o777).toBe(0o755)
  expect(readFileSync(join(target, 'data'), 'utf8')).toBe('stored')
  expect(existsSync(join(target, 'left-out'))).toBe(false)
})

test('an entry that would leave the folder is refused', async () => {
  const path = makeZip({ '../outside': { text: 'x', mode: 0o644, method: 0 } })
  await expect(unpackZip(path, join(folder, 'out'), (name) => name)).rejects.toThrow(/outside its folder/)
})
