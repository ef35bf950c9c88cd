import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { smallNetwork, temporaryHome } from '../testing/fixtures'
import { autosavePath, createAutosave } from './autosave'

const unsaved = { path: '/nets/small.convscope', fingerprint: 'abc', document: smallNetwork }

function write(home: string, text: string): void {
  mkdirSync(dirname(autosavePath(home)), { recursive: true })
  writeFileSync(autosavePath(home), text)
}

describe('autosave', () => {
  it('gives back at the next start what was kept, again and again until it is cleared', () => {
    const home = temporaryHome()
    createAutosave(home, () => 1234).keep(unsaved)
    const next = createAutosave(home)
    const expected = {
      recovery: { type: 'restored', document: smallNetwork, path: '/nets/small.convscope', savedAt: 1234 },
      fingerprint: 'abc',
    }
    expect(next.recover()).toEqual(expected)
    expect(createAutosave(home).recover()).toEqual(expected)
    next.clear()
    expect(next.recover()).toBeNull()
  })

  it('has nothing on a first start, and clearing nothing is fine', () => {
    const autosave = createAutosave(temporaryHome())
    autosave.clear()
    expect(autosave.recover()).toBeNull()
  })

  it('keeps the design before when the app ended while writing the next one', () => {
    const home = temporaryHome()
    createAutosave(home).keep(unsaved)
    writeFileSync(join(dirname(autosavePath(home)), '.design.json.part'), '{"format":"convscope.auto')
    expect(createAutosave(home).recover()?.recovery).toMatchObject({ type: 'restored', document: smallNetwork })
  })

  it.each([
    ['damaged', '{"format":"convscope.autosave","ver'],
    ['of another form', '{"format":"convscope.autosave","version":9}'],
    [
      'newer',
      JSON.stringify({
        format: 'convscope.autosave',
        version: 1,
        savedAt: 1,
        path: null,
        fingerprint: null,
        document: { ...smallNetwork, version: 99 },
      }),
    ],
  ])('puts a %s one aside, with its bytes, and says where', (_what, text) => {
    const home = temporaryHome()
    write(home, text)
    const autosave = createAutosave(home, () => 77)
    const recovery = autosave.recover()?.recovery
    const aside = join(dirname(autosavePath(home)), 'unreadable-77.json')
    expect(recovery).toMatchObject({ type: 'unreadable', error: { kind: 'data-corrupt', params: { path: aside } } })
    expect(readFileSync(aside, 'utf8')).toBe(text)
    expect(readdirSync(dirname(autosavePath(home)))).toEqual(['unreadable-77.json'])
    expect(autosave.recover()).toBeNull()
  })
})
