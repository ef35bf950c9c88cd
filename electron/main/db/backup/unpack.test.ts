import { createWriteStream, readFileSync, readdirSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { expect, test } from 'vitest'
import { ZipFile } from 'yazl'
import { temporaryHome } from '../../testing/fixtures'
import { migrations } from '../migrate'
import { backUp, homeWithRuns, kindOf, quiet } from '../testing/backups'
import { finishRestore, planRestore, stagingFolder } from './replace'
import { unpackBackup } from './unpack'

/** Every file below a folder, with its content. */
function everything(home: string): Record<string, string> {
  const names = readdirSync(home, { recursive: true, encoding: 'utf8' }).filter((name) => !name.startsWith('sessions'))
  return Object.fromEntries(
    names
      .filter((name) => statSync(join(home, name)).isFile())
      .sort()
      .map((name) => [name, readFileSync(join(home, name)).toString('base64')]),
  )
}

test('a damaged, cut or foreign file is refused before anything is touched', { timeout: 60_000 }, async () => {
  const { home } = homeWithRuns()
  const { file } = await backUp(home, true)
  const bytes = readFileSync(file)
  const before = everything(home)
  const kinds = new Set<string>()
  let accepted = 0
  for (let place = 0; place < bytes.length; place += Math.ceil(bytes.length / 150)) {
    const damaged = Uint8Array.from(bytes)
    damaged[place] = (damaged[place] ?? 0) ^ 0x55
    writeFileSync(file, damaged)
    const staging = stagingFolder(home)
    const kind = await kindOf(() => unpackBackup({ file, into: staging }, quiet))
    kinds.add(kind)
    if (kind === 'none') {
      // A byte that says nothing about what is in it, such as a time.
      accepted += 1
      planRestore(home, staging, 0)
      finishRestoreAndUndo(home)
    }
    expect(everything(home)).toEqual(before)
  }
  expect([...kinds].filter((kind) => kind !== 'none')).toEqual(['file-corrupt'])
  expect(accepted).toBeLessThan(15)
  writeFileSync(file, bytes)
  truncateSync(file, bytes.length - 1000)
  expect(await kindOf(() => unpackBackup({ file, into: stagingFolder(home) }, quiet))).toBe('file-corrupt')
  writeFileSync(file, 'no zip at all')
  expect(await kindOf(() => unpackBackup({ file, into: stagingFolder(home) }, quiet))).toBe('file-corrupt')
  expect(await kindOf(() => unpackBackup({ file: join(home, 'gone.zip'), into: stagingFolder(home) }, quiet))).toBe(
    'not-found',
  )
  expect(everything(home)).toEqual(before)
})

/** Removes a plan and what it would have brought. */
function finishRestoreAndUndo(home: string): void {
  writeFileSync(join(home, 'restore.json'), 'no plan')
  finishRestore(home)
}

async function zipOf(manifest: object): Promise<string> {
  const file = join(temporaryHome(), 'made.zip')
  const zip = new ZipFile()
  zip.addReadStreamLazy('manifest.json', (give) => give(null, Readable.from([JSON.stringify(manifest)])))
  zip.end()
  await pipeline(zip.outputStream, createWriteStream(file))
  return file
}

test.each([
  ['a newer format', { format: 'convscope.backup', version: 2 }, 'unsupported-version'],
  ['a newer database', { schema: migrations.length + 1 }, 'database-too-new'],
  ['no database', {}, 'file-corrupt'],
  [
    'a way out of the home folder',
    { files: [{ name: '../../evil', size: 1, sha256: '0'.repeat(64) }] },
    'file-corrupt',
  ],
  ['another format', { format: 'else' }, 'file-corrupt'],
])('a backup with %s is refused', async (_what, change, kind) => {
  const home = temporaryHome()
  const manifest = {
    format: 'convscope.backup',
    version: 1,
    createdAt: 0,
    appVersion: '1',
    schema: 1,
    runs: 0,
    folders: false,
    files: [],
    ...change,
  }
  const file = await zipOf(manifest)
  expect(await kindOf(() => unpackBackup({ file, into: stagingFolder(home) }, quiet))).toBe(kind)
  expect(readdirSync(home)).toEqual([])
})
