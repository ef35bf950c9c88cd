import { readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { smallNetwork, temporaryHome } from '../testing/fixtures'
import { createDocumentFiles, documentText } from './document-files'

const renamed = { ...smallNetwork, name: 'Renamed' }

function file(text = documentText(smallNetwork)): string {
  const path = join(temporaryHome(), 'small.convscope')
  writeFileSync(path, text)
  return path
}

function failure(kind: string, message: RegExp): Error {
  return expect.objectContaining({ kind, message: expect.stringMatching(message) as unknown }) as Error
}

describe('document files', () => {
  it('reads back what it wrote', () => {
    const path = file()
    const files = createDocumentFiles()
    expect(files.open(path)).toEqual({ document: smallNetwork, path })
    expect(files.save(path, renamed, false)).toBe('saved')
    expect(createDocumentFiles().open(path).document).toEqual(renamed)
  })

  it('notices a change by another program, writes nothing, and overwrites on demand', () => {
    const path = file()
    const files = createDocumentFiles()
    files.open(path)
    const theirs = documentText({ ...smallNetwork, name: 'Theirs' })
    writeFileSync(path, theirs)
    expect(files.save(path, renamed, false)).toBe('changed')
    expect(readFileSync(path, 'utf8')).toBe(theirs)
    expect(files.save(path, renamed, true)).toBe('saved')
    expect(files.save(path, smallNetwork, false)).toBe('saved')
  })

  it('notices it after a crash as well', () => {
    const path = file()
    const before = createDocumentFiles()
    before.open(path)
    const fingerprint = before.fingerprint(path)
    writeFileSync(path, documentText(renamed))
    const after = createDocumentFiles()
    after.restore(path, fingerprint)
    expect(after.save(path, smallNetwork, false)).toBe('changed')
  })

  it('writes a file again that was deleted', () => {
    const path = file()
    const files = createDocumentFiles()
    files.open(path)
    rmSync(path)
    expect(files.save(path, renamed, false)).toBe('saved')
  })

  it('writes only where a person has been', () => {
    const path = join(temporaryHome(), 'new.convscope')
    const files = createDocumentFiles()
    expect(() => files.save(path, smallNetwork, true)).toThrow(failure('permission-denied', /new\.convscope/))
    files.allow(path)
    expect(files.save(path, smallNetwork, false)).toBe('saved')
  })

  it('says what is wrong with a file that is none', () => {
    const files = createDocumentFiles()
    const gone = join(temporaryHome(), 'gone.convscope')
    const huge = file('{')
    truncateSync(huge, 33 * 2 ** 20)
    expect(() => files.open(gone)).toThrow(failure('not-found', /gone\.convscope is not there any more/))
    expect(() => files.open(file('{"format": "convs'))).toThrow(
      failure('invalid-network', /small\.convscope is not JSON/),
    )
    expect(() => files.open(file('{"layers": []}'))).toThrow(failure('invalid-network', /is not a Convscope network/))
    expect(() => files.open(file(JSON.stringify({ ...smallNetwork, version: 2 })))).toThrow(
      failure('unsupported-version', /version 2/),
    )
    expect(() => files.open(huge)).toThrow(failure('invalid-network', /too large/))
  })
})
