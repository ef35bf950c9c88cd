import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { exitCodes } from './exit-codes'
import { runCli } from './program'
import { createOutput } from './output'

// In this process: nothing is trained, so nothing has to be built.
function check(file: string, ...flags: string[]) {
  return run('check', file, ...flags)
}

async function run(...args: string[]) {
  let [stdout, stderr] = ['', '']
  const out = { write: (text: string) => void (stdout += text), isTTY: false, columns: 120 }
  const err = { write: (text: string) => void (stderr += text), isTTY: false, columns: 120 }
  const output = createOutput(args.includes('--json'), out, err)
  const context = { output, onInterrupt: () => () => undefined, exitCode: exitCodes.ok }
  const code = await runCli(args, context, out)
  const lines = stdout.split('\n').filter((line) => line.startsWith('{'))
  return { code, stdout, stderr, objects: lines.map((line) => JSON.parse(line) as Record<string, unknown>) }
}

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'convscope-check-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function file(name: string, layers: object[], rest: object = {}): string {
  const path = join(folder, name)
  writeFileSync(path, JSON.stringify({ format: 'convscope.network', version: 1, name, layers, ...rest }))
  return path
}

const input = { id: 'input', kind: 'input', params: { height: 8, width: 8, channels: 2 } }

describe('check', () => {
  it('shows layers, hints and totals of the reference network', async () => {
    const { code, stdout, stderr } = await check('reference')
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(/^conv2 +conv2d +11 × 11 × 50 +11,300 +1,361,250 +23\.6 KB +8 × 8$/m)
    expect(stdout).toMatch(/^fc3 +linear +10 +1,290 +1,280 +40 B +all$/m)
    expect(stdout).toMatch(/^hint +The bias of "conv1" \(25 values\) has no effect: "bn1" subtracts it again\.$/m)
    expect(stdout).toMatch(/^1,425,\d{3} parameters, 2,\d{3},\d{3} multiply-adds a picture$/m)
    expect(stdout).toMatch(/^about [\d.]+ MB to train with adam and batches of 64$/m)
  })

  it('says the same as objects, one a line and nothing else', async () => {
    const { code, stdout, objects } = await check('reference', '--json')
    expect(code).toBe(0)
    expect(stdout.trim().split('\n')).toHaveLength(objects.length)
    expect(objects.filter(({ type }) => type === 'layer')).toHaveLength(15)
    expect(objects.find(({ id }) => id === 'pool2')).toMatchObject({
      kind: 'max_pool2d',
      shape: [5, 5, 50],
      activationBytes: 5000,
      receptiveField: { size: [10, 10], jump: [4, 4] },
    })
    expect(objects.at(-1)).toMatchObject({ type: 'total', batchSize: 64 })
  })

  it('lists every problem with both layers, both shapes and its fixes, and ends with 2', async () => {
    const layers = [
      input,
      { id: 'conv', kind: 'conv2d', params: { out_channels: 5, stride: 2, padding: 1 }, inputs: ['input'] },
      { id: 'sum', kind: 'add', inputs: ['conv', 'input'] },
    ]
    const path = file('wrong.json', layers)
    const { code, stdout } = await check(path)
    expect(code).toBe(exitCodes.badInput)
    expect(stdout).toContain('problem  "sum" adds values of one shape')
    expect(stdout).toContain('("input" gives 8 × 8 × 2, "conv" gives 4 × 4 × 5)')
    const { objects } = await check(path, '--json')
    expect(objects.find(({ type }) => type === 'problem')).toMatchObject({
      layerId: 'sum',
      fromId: 'input',
      fixes: [{ code: 'insert-conv', params: { from: 'input', to: 'sum', count: 5 } }, { code: 'remove-layer' }],
    })
  })

  it('lists the copies of a group that repeats', async () => {
    const layers = [input, { id: 'conv', kind: 'conv2d', params: { out_channels: 2, padding: 1 }, inputs: ['input'] }]
    const path = file('group.json', layers, { groups: [{ id: 'g', layers: ['conv'], repeat: 3 }] })
    const { objects } = await check(path, '--json')
    expect(objects.filter(({ type }) => type === 'layer').map(({ id }) => id)).toEqual([
      'input',
      'conv',
      'conv_2',
      'conv_3',
    ])
  })

  it('takes a file that is no network for bad input', async () => {
    const path = join(folder, 'broken.json')
    writeFileSync(path, readFileSync(file('whole.json', [input]), 'utf8').slice(0, -5))
    const { code, stderr } = await check(path)
    expect(code).toBe(exitCodes.badInput)
    expect(stderr).toContain('is not JSON')
  })
})

describe('train', () => {
  it('refuses what the memory cannot hold, with both numbers, before anything is recorded', async () => {
    const wide = { out_features: 65536 }
    const path = file('huge.json', [
      { id: 'input', kind: 'input' },
      { id: 'flat', kind: 'flatten', inputs: ['input'] },
      ...[1, 2, 3, 4, 5, 6, 7, 8].flatMap((at) => [
        { id: `fc${at}`, kind: 'linear', params: wide, inputs: [at === 1 ? 'flat' : `relu${at - 1}`] },
        { id: `relu${at}`, kind: 'relu', inputs: [`fc${at}`] },
      ]),
      { id: 'fc9', kind: 'linear', inputs: ['relu8'] },
    ])
    const { code, stdout, stderr } = await run('train', path)
    expect({ code, stdout }).toEqual({ code: exitCodes.failed, stdout: '' })
    expect(stderr).toMatch(/^convscope: Training would take about [67]\d\d GB of memory, but only [\d.]+ GB are free\./)
  })
})
