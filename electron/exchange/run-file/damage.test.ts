import { zipSync } from 'fflate'
import { existsSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { writeSafetensors } from '../../../shared/formats/safetensors'
import { toWire } from '../../../shared/errors'
import { forged, opened, packed, temporary } from './testing/packed-run'

const evil = Buffer.from('evil')
const unchanged = () => undefined

function file(bytes: Uint8Array): string {
  const path = join(temporary(), 'x.convscope')
  writeFileSync(path, bytes)
  return path
}

/** In the archive's directory, at the entry of a name; its own header lies elsewhere. */
function directoryEntry(bytes: Buffer, name: string): number {
  return bytes.lastIndexOf(name) - 46
}

describe('a file that is not as it should be', () => {
  it.each<[string, () => Promise<string> | string, string]>([
    ['no archive', () => file(Buffer.from('{"format":"convscope.network"}')), 'another kind of file'],
    ['another archive', () => file(zipSync({ 'a.txt': evil })), 'it is not a run of Convscope'],
    ['a way out', () => forged((parts) => (parts['../../evil.sh'] = evil)), '../../evil.sh'],
    ['an absolute path', () => forged((parts) => (parts['/etc/evil'] = evil)), '/etc/evil'],
    ['a path of Windows', () => forged((parts) => (parts['epoch-0001\\weights.safetensors'] = evil)), 'epoch-0001\\'],
    ['a strange part', () => forged((parts) => (parts['epoch-0001/run.py'] = evil)), 'which is no part of a run'],
    [
      'a strange part that only its list names',
      () => forged(unchanged, ({ parts }) => Object.assign(parts[0] ?? {}, { path: '../evil' })),
      'which is no part of a run',
    ],
    [
      'a part that is not listed',
      () =>
        forged(
          (parts) => (parts['epoch-0003/checkpoint.json'] = evil),
          ({ parts }) => void parts.pop(),
        ),
      'which is no part of a run',
    ],
    [
      'a part that is listed twice',
      () => forged(unchanged, ({ parts }) => parts.push(...parts.slice(0, 1))),
      'its list names a part twice',
    ],
    [
      'wrong sums',
      () => forged(unchanged, ({ parts }) => parts.forEach((part) => (part.sha256 = '0'.repeat(64)))),
      'is damaged',
    ],
    [
      'a wrong length',
      () => forged(unchanged, ({ parts }) => parts.forEach((part) => (part.bytes += 1))),
      'is damaged',
    ],
    [
      'missing weights',
      () => forged((parts) => delete parts['epoch-0002/weights.safetensors']),
      'its newest weights are missing',
    ],
    [
      'weights of another network',
      () => forged((parts) => (parts['epoch-0002/weights.safetensors'] = writeSafetensors(new Map()))),
      'does not fit its network',
    ],
    ['weights that are none', () => forged((parts) => (parts['epoch-0002/weights.safetensors'] = evil)), 'safetensors'],
    ['steps that are none', () => forged((parts) => (parts['journal/steps.bin'] = evil)), 'steps.bin is damaged'],
    [
      'epochs that are none',
      () => forged((parts) => (parts['journal/epochs.jsonl'] = evil)),
      'epochs.jsonl is damaged',
    ],
    [
      'a bomb',
      () => forged((parts) => (parts['journal/steps.bin'] = new Uint8Array(66 * 2 ** 20))),
      'bytes would become 692',
    ],
    ['a run without a name', () => forged(unchanged, (list) => Object.assign(list.run, { name: '' })), 'run.name'],
  ])('is refused, and leaves nothing: %s', { timeout: 60_000 }, async (_what, make, message) => {
    const into = join(temporary(), 'unpacked')
    const error = toWire(await opened(await make(), into).catch((reason: unknown) => reason))
    expect(error).toMatchObject({ kind: 'file-corrupt', params: { source: 'x.convscope' } })
    expect(error.message).toContain('x.convscope cannot be opened: ')
    expect(error.message).toContain(message)
    expect(existsSync(into)).toBe(false)
  })

  it('of a newer version says so', async () => {
    const newer = await forged(unchanged, (list) => Object.assign(list, { version: 2, more: true }))
    await expect(opened(newer)).rejects.toMatchObject({
      kind: 'unsupported-version',
      message: 'x.convscope cannot be opened: it was written by a newer Convscope (format 2)',
    })
    await expect(opened('/no/such.convscope')).rejects.toMatchObject({ kind: 'not-found' })
  })

  it('does not become larger than it promised, whatever is packed in it', async () => {
    const path = await forged(unchanged, ({ parts }) =>
      parts.forEach((part) => (part.bytes = part.path === 'journal/steps.bin' ? 24 : part.bytes)),
    )
    const bytes = readFileSync(path)
    bytes.writeUInt32LE(24, directoryEntry(bytes, 'journal/steps.bin') + 24)
    const into = join(temporary(), 'unpacked')
    writeFileSync(path, bytes)
    await expect(opened(path, into)).rejects.toThrow('too many bytes')
    expect(existsSync(into)).toBe(false)
  })

  it('is found out wherever a byte of it is flipped, or opens as it was', { timeout: 60_000 }, async () => {
    const path = await packed()
    const whole = await opened(path)
    const bytes = readFileSync(path)
    let refused = 0
    for (let at = 0; at < bytes.length; at += Math.ceil(bytes.length / 200)) {
      const damaged = Buffer.from(bytes)
      damaged[at] = (damaged[at] ?? 0) ^ 0x55
      writeFileSync(path, damaged)
      const found = await opened(path).catch((error: unknown) => toWire(error).kind)
      if (typeof found === 'string') {
        expect(found).toBe('file-corrupt')
        refused += 1
      } else expect(found).toEqual(whole)
    }
    // The others say nothing about what is in it, such as times.
    expect(refused).toBeGreaterThan(150)
    writeFileSync(path, bytes)
    truncateSync(path, bytes.length - 100)
    await expect(opened(path)).rejects.toMatchObject({ kind: 'file-corrupt' })
  })
})
