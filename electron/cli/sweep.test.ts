import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { exitCodes } from './exit-codes'
import { createOutput } from './output'
import { runCli } from './program'
import { smallNetwork } from './testing/small-network'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'convscope-sweep-'))
  vi.stubEnv('CONVSCOPE_HOME', join(folder, 'home'))
  writeFileSync(join(folder, 'small.json'), JSON.stringify(smallNetwork))
})
afterAll(() => {
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true, force: true })
})

/** In this process: the portable engine is enough. `interruptAfter` presses Ctrl+C once so many runs have begun. */
async function cli(args: string[], interruptAfter = Infinity) {
  let [stdout, stderr, begun] = ['', '', 0]
  let interrupt = () => undefined as void
  const write = (text: string) => {
    stdout += text
    if (text.includes('"type":"started"') && (begun += 1) === interruptAfter) interrupt()
  }
  const out = { write, isTTY: false, columns: 120 }
  const err = { write: (text: string) => void (stderr += text), isTTY: false, columns: 120 }
  const output = createOutput(args.includes('--json'), out, err)
  const onInterrupt = (listener: () => void) => {
    interrupt = listener
    return () => undefined
  }
  const code = await runCli(args, { output, onInterrupt, exitCode: exitCodes.ok }, out)
  const lines = stdout.split('\n').filter((line) => line.startsWith('{'))
  const objects = lines.map((line) => JSON.parse(line) as Record<string, unknown>)
  return { code, stdout, stderr, ofType: (type: string) => objects.filter((object) => object.type === type) }
}

function plan(name: string, part: object): string {
  const path = join(folder, `${name}.json`)
  const config = { epochs: 1, limit: 64, engine: 'eager', validation_split: 0.25 }
  writeFileSync(path, JSON.stringify({ name, network: 'small.json', config, ...part }))
  return path
}
const rates = {
  parameters: [
    { target: { type: 'setting', path: 'learning_rate' }, domain: { type: 'choice', values: [0.01, 0.001] } },
  ],
  seeds: [1, 2],
}

describe('sweep', { timeout: 60_000 }, () => {
  it('trains every combination with every seed and compares them', async () => {
    const result = await cli(['sweep', plan('rates', rates), '--json'])
    expect(result).toMatchObject({ code: 0, stderr: '' })
    expect(result.ofType('finished')).toHaveLength(4)
    const trials = result.ofType('trial')
    expect(trials.map(({ values, seed }) => [values, seed])).toEqual([
      [{ learning_rate: 0.01 }, 1],
      [{ learning_rate: 0.01 }, 2],
      [{ learning_rate: 0.001 }, 1],
      [{ learning_rate: 0.001 }, 2],
    ])
    const [first, second] = trials.map(({ metrics }) => (metrics as Record<string, number>).testAccuracy ?? NaN)
    const [mean] = result.ofType('mean')
    const found = (mean?.metrics as Record<string, { mean: number }> | undefined)?.testAccuracy
    expect(found?.mean).toBeCloseTo(((first ?? NaN) + (second ?? NaN)) / 2, 10)

    const shown = await cli(['experiments', 'last', '--json'])
    expect(shown.ofType('trial')).toEqual(trials)
    expect((await cli(['experiments'])).stdout).toMatch(/rates +4 +learning_rate/)
    const [run] = (await cli(['runs', '--json'])).ofType('run')
    expect(run).toMatchObject({
      name: 'rates · learning_rate 0.001 · seed 2',
      config: { learning_rate: 0.001, seed: 2 },
    })
  })

  it('names what cannot be trained before anything begins', async () => {
    const kernel = {
      parameters: [
        {
          target: { type: 'layer', layer: 'conv1', param: 'kernel_size' },
          domain: { type: 'choice', values: [3, 40] },
        },
      ],
    }
    const refused = await cli(['sweep', plan('kernels', kernel), '--json'])
    expect(refused.code).toBe(exitCodes.badInput)
    expect(refused.stderr).toContain('conv1.kernel_size 40')
    expect(refused.ofType('run')).toEqual([])
    const checked = await cli(['sweep', plan('kernels', { ...kernel, skip_unsound: true }), '--check', '--json'])
    expect(checked.ofType('planned').map(({ name }) => name)).toEqual(['kernels · conv1.kernel_size 3'])
    expect((await cli(['sweep', plan('wrong', { seeds: 'all' })])).stderr).toMatch(/wrong\.json: seeds/)
  })

  it('ends at Ctrl+C with the run at hand', async () => {
    const result = await cli(
      ['sweep', plan('long', { ...rates, config: { epochs: 500, limit: 64, engine: 'eager' } }), '--json'],
      1,
    )
    expect(result.code).toBe(exitCodes.interrupted)
    expect(result.ofType('trial')).toMatchObject([{ state: 'stopped' }])
  })

  it('goes on where it was interrupted, and ends as if it had not been', async () => {
    const part = { ...rates, config: { epochs: 3, limit: 64, engine: 'eager', validation_split: 0.25 } }
    const whole = await cli(['sweep', plan('whole', part), '--json'])
    const cut = await cli(['sweep', plan('cut', part), '--json'], 2)
    expect(cut.code).toBe(exitCodes.interrupted)
    expect(cut.ofType('trial').map(({ state }) => state)).toEqual(['finished', 'stopped'])

    const rest = await cli(['sweep', '--resume', 'last', '--json'])
    expect(rest).toMatchObject({ code: 0, stderr: '' })
    const trials = rest.ofType('trial')
    expect(trials.slice(0, 2).map(({ run }) => run)).toEqual(cut.ofType('trial').map(({ run }) => run))
    const outcome = ({ values, seed, state, metrics }: Record<string, unknown>) => {
      return { values, seed, state, metrics: { ...(metrics as object), seconds: null } }
    }
    expect(trials.map(outcome)).toEqual(whole.ofType('trial').map(outcome))
    // Nothing is left of it.
    expect((await cli(['sweep', '--resume', 'last', '--json'])).ofType('run')).toEqual([])
  })

  it('says what is wrong with going on', async () => {
    const both = await cli(['sweep', plan('both', rates), '--resume', 'last'])
    expect(both).toMatchObject({
      code: exitCodes.badInput,
      stderr: expect.stringContaining('not from a file') as string,
    })
    expect((await cli(['sweep', '--resume', 'ffffffff'])).stderr).toContain('There is no experiment "ffffffff"')
    expect((await cli(['sweep'])).stderr).toContain('No plan was given')
  })
})

describe('train with several seeds', { timeout: 60_000 }, () => {
  const train = (...flags: string[]) =>
    cli(['train', join(folder, 'small.json'), '--limit', '64', '--epochs', '1', '--engine', 'eager', ...flags])

  it('tells mean and deviation', async () => {
    const { code, stdout } = await train('--seed', '4', '--repeats', '2')
    expect(code).toBe(0)
    expect(stdout).toMatch(/^[0-9a-f]{8} +4 +finished .*\n[0-9a-f]{8} +5 +finished/m)
    expect(stdout).toMatch(/^ *2 +\d+\.\d\d % ± \d+\.\d\d %$/m)
  })

  it.each([
    [['--seeds', '1,x'], '--seeds:'],
    [['--seeds', '1,1'], 'twice'],
    [['--repeats', '0'], '--repeats:'],
    [['--seeds', '1,2', '--repeats', '2'], 'two ways'],
  ])('refuses %j', async (flags, message) => {
    const { code, stderr } = await train(...flags)
    expect(code).toBe(exitCodes.badInput)
    expect(stderr).toContain(message)
  })
})
