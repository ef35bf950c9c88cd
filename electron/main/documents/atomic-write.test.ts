import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { temporaryHome } from '../testing/fixtures'
import { diskFiles, writeAtomically, type WriteFiles } from './atomic-write'

function failing(step: keyof WriteFiles, code: string): WriteFiles {
  return {
    ...diskFiles,
    [step]() {
      throw Object.assign(new Error(`${code}: no`), { code })
    },
  }
}

describe('writeAtomically', () => {
  it('replaces a file, and leaves nothing beside it', () => {
    const folder = temporaryHome()
    const path = join(folder, 'net.convscope')
    writeAtomically(path, 'old')
    writeAtomically(path, 'näu')
    expect(readFileSync(path, 'utf8')).toBe('näu')
    expect(readdirSync(folder)).toEqual(['net.convscope'])
  })

  it.each([
    ['write', 'ENOSPC', 'disk-full'],
    ['rename', 'EACCES', 'permission-denied'],
  ] as const)('keeps the old file where %s fails', (step, code, kind) => {
    const folder = temporaryHome()
    const path = join(folder, 'net.convscope')
    writeFileSync(path, 'old')
    expect(() => writeAtomically(path, 'new', failing(step, code))).toThrow(
      expect.objectContaining({ kind, params: expect.objectContaining({ path }) as unknown }) as Error,
    )
    expect(readFileSync(path, 'utf8')).toBe('old')
    expect(readdirSync(folder)).toEqual(['net.convscope'])
  })

  it('has the whole new file on the disk before the old one goes', () => {
    const path = join(temporaryHome(), 'net.convscope')
    writeFileSync(path, 'old')
    const seen: string[] = []
    writeAtomically(path, 'new', {
      ...diskFiles,
      rename(from, to) {
        seen.push(readFileSync(from, 'utf8'), readFileSync(to, 'utf8'))
        diskFiles.rename(from, to)
      },
    })
    expect(seen).toEqual(['new', 'old'])
  })

  it('overwrites what a crash left half written', () => {
    const folder = temporaryHome()
    writeFileSync(join(folder, '.net.convscope.part'), 'half of someth')
    writeAtomically(join(folder, 'net.convscope'), 'whole')
    expect(readdirSync(folder)).toEqual(['net.convscope'])
    expect(readFileSync(join(folder, 'net.convscope'), 'utf8')).toBe('whole')
  })

  it.skipIf(process.platform === 'win32')('follows a link and keeps the permissions', () => {
    const folder = temporaryHome()
    mkdirSync(join(folder, 'real'))
    const real = join(folder, 'real', 'net.convscope')
    writeFileSync(real, 'old')
    chmodSync(real, 0o640)
    const link = join(folder, 'link.convscope')
    symlinkSync(real, link)
    writeAtomically(link, 'new')
    expect(lstatSync(link).isSymbolicLink()).toBe(true)
    expect(readFileSync(real, 'utf8')).toBe('new')
    expect(statSync(real).mode & 0o777).toBe(0o640)
  })

  it('names the folder that is gone', () => {
    const path = join(temporaryHome(), 'gone', 'net.convscope')
    expect(() => writeAtomically(path, 'new')).toThrow(expect.objectContaining({ kind: 'not-found' }) as Error)
  })
})
