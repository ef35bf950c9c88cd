import { zipSync } from 'fflate'
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readNpy, writeNpy } from '../../shared/formats/npy'
import { readSafetensors } from '../../shared/formats/safetensors'
import { createRandom } from '../../shared/training/random'
import { buildCli, program, runCli, type CliResult } from './testing/cli'
import { smallNetwork } from './testing/small-network'

const root = join(import.meta.dirname, '../..')
/** A Python that has torch, numpy and safetensors. */
const python = process.env.CONVSCOPE_PYTHON
const hasTensorflow = existsSync(join(root, 'node_modules/@tensorflow/tfjs-node/lib/napi-v8/tfjs_binding.node'))

let folder: string
const small = () => join(folder, 'small.json')
const cli = (...args: string[]) => runCli(args, { env: { CONVSCOPE_HOME: join(folder, 'home') } })
const trainSmall = (...args: string[]) =>
  cli('train', small(), '--limit', '64', '--epochs', '2', '--engine', 'eager', '--json', ...args)

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'convscope-cli-'))
  writeFileSync(small(), JSON.stringify(smallNetwork))
  await buildCli()
}, 120_000)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function ofType(result: CliResult, type: string) {
  return result.objects.filter((object) => object.type === type)
}

function weightsOf(result: CliResult) {
  const file = String(ofType(result, 'finished')[0]?.checkpoint)
  return readSafetensors(readFileSync(file), file).tensors
}

describe('train', { timeout: 60_000 }, () => {
  it('trains, tells everything as JSON, and records the run', async () => {
    const result = await trainSmall('--batch-size', '16', '--validation-split', '0.1', '--name', 'First try')
    expect(result).toMatchObject({ code: 0, stderr: '' })
    expect(result.stdout.trim().split('\n')).toHaveLength(result.objects.length)
    expect(ofType(result, 'run')[0]).toMatchObject({ name: 'First try', config: { batch_size: 16, limit: 64 } })
    expect(ofType(result, 'started')[0]).toMatchObject({ trainCount: 58, validationCount: 6, totalSteps: 8 })
    const steps = ofType(result, 'progress').flatMap(({ steps: some }) => some as { step: number }[])
    expect(steps.map(({ step }) => step)).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
    expect(ofType(result, 'epoch').map(({ epoch }) => epoch)).toEqual([1, 2])
    const finished = ofType(result, 'finished')[0]
    expect(weightsOf(result).get('conv1.weight')?.shape).toEqual([2, 1, 3, 3])

    const [listed] = (await cli('runs', '--json')).objects
    expect(listed).toMatchObject({ type: 'run', name: 'First try', state: { type: 'finished', test: finished?.test } })
    const shown = await cli('show', String(listed?.id).slice(0, 6), '--steps', '--json')
    expect(ofType(shown, 'run')[0]).toMatchObject({ document: smallNetwork, checkpoint: finished?.checkpoint })
    expect(ofType(shown, 'step')).toHaveLength(8)
  })

  it('gives the same weights for the same seed, and others for another', async () => {
    const [a, b, c] = [await trainSmall(), await trainSmall(), await trainSmall('--seed', '2')]
    expect(weightsOf(b)).toEqual(weightsOf(a))
    expect(weightsOf(c)).not.toEqual(weightsOf(a))
  })

  it('starts from weights that it is given', async () => {
    const first = await trainSmall()
    const file = String(ofType(first, 'finished')[0]?.checkpoint)
    const second = await trainSmall('--init-weights', file, '--learning-rate', '1e-30', '--no-shuffle')
    expect(weightsOf(second).get('fc1.weight')).toEqual(weightsOf(first).get('fc1.weight'))
    expect(ofType(second, 'run')[0]).toMatchObject({ config: { shuffle: false } })
  })

  it('evaluates weights of another program without training', async () => {
    const first = await trainSmall()
    const arrays = [...weightsOf(first)].map(([name, tensor]) => [`theirs.${name}.npy`, writeNpy(tensor)] as const)
    const file = join(folder, 'theirs.npz')
    writeFileSync(file, zipSync(Object.fromEntries(arrays)))
    const second = await trainSmall('--init-weights', file, '--epochs', '0')
    expect(ofType(second, 'finished')[0]).toMatchObject({ test: ofType(first, 'finished')[0]?.test })
    expect(weightsOf(second)).toEqual(weightsOf(first))
  })

  it('shows people a table', async () => {
    const result = await cli('train', small(), '--limit', '64', '--epochs', '1', '--engine', 'eager')
    expect(result).toMatchObject({ code: 0, stderr: '' })
    expect(result.stdout).toMatch(/^Run {7}[0-9a-f]{8} {2}Small on mnist\nEngine {4}TensorFlow\.js/)
    expect(result.stdout).toMatch(/\n +1\/1 +\d\.\d{4} .*\n\nTest {6}loss \d\.\d{4}, accuracy \d+\.\d\d %\nWeights/)
  })

  it('stops cleanly at Ctrl+C and keeps what was learned', async () => {
    const result = await runCli(
      ['train', small(), '--limit', '640', '--epochs', '10000', '--engine', 'eager', '--json'],
      {
        env: { CONVSCOPE_HOME: join(folder, 'home') },
        onLine: (line, kill) => void (line.includes('"progress"') && kill('SIGINT')),
      },
    )
    expect(result.code).toBe(130)
    const shown = await cli('show', 'last', '--json')
    expect(ofType(shown, 'run')[0]).toMatchObject({ state: { type: 'stopped' } })
    expect(existsSync(String(ofType(shown, 'run')[0]?.checkpoint))).toBe(true)
  })

  it('says where the numbers broke down', async () => {
    const result = await trainSmall('--optimizer', 'sgd', '--learning-rate', '100', '--epochs', '60', '--loss', 'mse')
    expect(result.code).toBe(1)
    expect(JSON.parse(result.stderr)).toMatchObject({ type: 'error', kind: 'not-a-number' })
    const shown = await cli('show', 'last', '--json')
    expect(ofType(shown, 'run')[0]).toMatchObject({ state: { type: 'failed', error: { kind: 'not-a-number' } } })
  })

  it.skipIf(!hasTensorflow)('trains the reference network on TensorFlow', async () => {
    const result = await cli(
      'train',
      'reference',
      '--limit',
      '640',
      '--epochs',
      '1',
      '--engine',
      'tensorflow',
      '--json',
    )
    expect(result.code).toBe(0)
    expect(ofType(result, 'started')[0]).toMatchObject({ engine: { id: 'tensorflow' } })
    expect(ofType(result, 'finished')[0]).toBeDefined()
  })
})

describe('predict and export', { timeout: 60_000 }, () => {
  const pictures = () => join(folder, 'X.npy')
  const random = createRandom('pictures')
  const values = Float32Array.from({ length: 5 * 784 }, () => 2 * random.uniform() - 1)

  beforeAll(async () => {
    writeFileSync(pictures(), writeNpy({ shape: [5, 28, 28, 1], values }))
    await trainSmall()
  }, 60_000)

  it('packs a run into one file, and takes it in elsewhere', async () => {
    const file = join(folder, 'lesson.convscope')
    expect((await cli('pack', 'last', '--output', file, '--checkpoints', 'newest')).code).toBe(0)
    expect((await cli('unpack', file)).stderr).toContain('is here already. Open it as a copy with --copy.')
    const elsewhere = { env: { CONVSCOPE_HOME: join(folder, 'elsewhere') } }
    const taken = await runCli(['unpack', file, '--json'], elsewhere)
    expect(taken).toMatchObject({ code: 0, stderr: '' })
    const [run] = ofType(await runCli(['show', 'last', '--steps', '--json'], elsewhere), 'run')
    expect(run).toMatchObject({ id: taken.objects[0]?.id, tags: ['imported'], state: { type: 'finished' } })
    expect(existsSync(String(run?.checkpoint))).toBe(true)
  })

  it('writes a run as a PyTorch project', async () => {
    const project = join(folder, 'project')
    expect((await cli('export', 'last', '--format', 'pytorch-project', '--output', project)).code).toBe(0)
    expect(readdirSync(project)).toEqual(expect.arrayContaining(['README.md', 'model.py', 'run.json', 'train.py']))
    const state = JSON.parse(readFileSync(join(project, 'checkpoint', 'state.json'), 'utf8')) as { step: number }
    expect(state.step).toBeGreaterThan(0)
    expect(existsSync(join(project, 'checkpoint', 'optimizer.safetensors'))).toBe(true)
    mkdirSync(join(project, 'continued'))
    const again = await cli('export', 'last', '--format', 'pytorch-project', '--output', project)
    expect(again).toMatchObject({ code: 2, stderr: expect.stringContaining('holds other files (continued)') as string })
  })

  it('give the same logits from a run and from its exported weights', async () => {
    const [y, z, weights] = ['Y.npy', 'Z.npy', 'weights.safetensors'].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ]
    const engine = ['--engine', 'eager']
    expect((await cli('predict', 'last', '--input', pictures(), '--output', y, ...engine)).code).toBe(0)
    expect((await cli('export', 'last', '--format', 'safetensors', '--output', weights)).code).toBe(0)
    const again = await cli('predict', small(), '--weights', weights, '--input', pictures(), '--output', z, ...engine)
    expect(again).toMatchObject({ code: 0, stdout: `5 pictures: logits [5, 10] written to ${z}\n` })
    expect(readNpy(readFileSync(z), z)).toEqual(readNpy(readFileSync(y), y))
    expect(readNpy(readFileSync(y), y).shape).toEqual([5, 10])
    expect(readSafetensors(readFileSync(weights), weights).metadata).toMatchObject({ format: 'pt', network: 'Small' })
    expect(readdirSync(folder).filter((name) => name.endsWith('.part'))).toEqual([])
  })

  it.each([
    ['other sizes', { shape: [5, 28, 28], values }, '[5, 28, 28], but the network takes [n, 28, 28, 1]'],
    ['other channels', { shape: [5, 14, 28, 2], values }, '[5, 14, 28, 2], but the network takes'],
  ])('name pictures of %s', async (_what, array, message) => {
    const file = join(folder, 'wrong.npy')
    writeFileSync(file, writeNpy(array))
    const result = await cli('predict', 'last', '--input', file, '--output', join(folder, 'Y.npy'))
    expect(result).toMatchObject({ code: 2, stdout: '' })
    expect(result.stderr).toContain(`${file} is an array ${message}`)
  })

  it('name what is wrong with files', async () => {
    const bad = join(folder, 'bad')
    writeFileSync(bad, 'no such format')
    const y = ['--output', join(folder, 'Y2.npy')]
    const cases: [string[], string][] = [
      [['predict', 'last', '--input', bad, ...y], `${bad} is not a sound .npy file`],
      [['predict', 'last', '--input', join(folder, 'none.npy'), ...y], 'There is no file'],
      [['predict', small(), '--input', pictures(), ...y], 'holds no weights. Name them with --weights'],
      [['predict', small(), '--weights', bad, '--input', pictures(), ...y], `${bad} is not a sound safetensors file`],
      [['predict', 'last', '--input', pictures(), '--output', join(folder, 'no/such/Y.npy')], 'The folder of'],
      [['predict', 'zzz', '--input', pictures(), ...y], 'There is no run "zzz"'],
      [['export', 'last', '--output', folder], `${folder} is a folder`],
      [['export', 'last', '--output', join(folder, 'no/such/file')], 'does not exist'],
      [['export', 'last', '--epoch', '77', '--output', join(folder, 'e.npz')], 'The weights of epoch 77 are not there'],
    ]
    for (const [args, message] of cases) {
      const result = await cli(...args)
      expect(result.stderr, args.join(' ')).toContain(message)
      expect(result.code, args.join(' ')).toBe(2)
    }
    expect(existsSync(join(folder, 'Y2.npy'))).toBe(false)
  })

  it('export the curves as a table', async () => {
    const file = join(folder, 'curves.csv')
    const result = await cli('export', 'last', '--format', 'csv', '--output', file)
    expect(result).toMatchObject({ code: 0 })
    expect(result.stdout).toContain('every value equal')
    expect(readFileSync(file, 'utf8').split('\r\n')[0]).toContain('kind,step,epoch,loss')
  })

  it('prove what they write, for scripts too', async () => {
    const file = join(folder, 'weights.npz')
    const result = await cli('--json', 'export', 'last', '--format', 'npz', '--epoch', '0', '--output', file)
    expect(result.code).toBe(0)
    expect(ofType(result, 'exported')[0]).toMatchObject({
      format: 'npz',
      moment: 'epoch-0000',
      proof: { type: 'outputs', pictures: 100, source: 'test', agrees: true },
    })
    expect(existsSync(file)).toBe(true)
  })

  it('name the tensor that does not fit', async () => {
    const file = join(folder, 'other.safetensors')
    const other = { ...smallNetwork, layers: smallNetwork.layers.map((layer) => ({ ...layer })) }
    const changed = other.layers.map((layer) => (layer.id === 'fc1' ? { ...layer, id: 'fc2' } : layer))
    writeFileSync(join(folder, 'other.json'), JSON.stringify({ ...other, layers: changed }))
    await cli('export', 'last', '--output', file)
    const result = await cli('train', join(folder, 'other.json'), '--init-weights', file, '--engine', 'eager')
    expect(result.code).toBe(2)
    expect(result.stderr).toContain(`${file}: The weights do not fit the network: "fc2.weight" is missing`)
  })
})

describe('PyTorch', { timeout: 120_000 }, () => {
  it.skipIf(!python)('reads our weights and we read its, with the same logits', async () => {
    const home = join(folder, 'reference')
    const env = { CONVSCOPE_HOME: home, CONVSCOPE_PROGRAM: program }
    await runCli(['train', 'reference', '--limit', '256', '--epochs', '1', '--engine', 'eager'], { env })
    const script = join(root, 'electron/cli/testing/compare_with_pytorch.py')
    const said = execFileSync(python ?? '', [script, home, 'eager'], {
      env: { ...process.env, ...env },
      encoding: 'utf8',
    })
    expect(said).toContain('All keys matched successfully')
    expect(said).toContain("PyTorch's weights in ours: (300, 10)")
  })
})

describe('bad input', { timeout: 60_000 }, () => {
  it.each([
    [['train', 'none.json'], 2, 'There is no file none.json.'],
    [['train', 'reference', '--epochs', 'many'], 2, '--epochs: '],
    [['train', 'reference', '--epochs', '0', '--batch-size', '0'], 2, '--batch-size: '],
    [['train', 'reference', '--momentum', '0.5'], 2, '--momentum does not apply to this --optimizer'],
    [['train', 'reference', '--data', 'cifar'], 2, '--data: '],
    [['train'], 2, "Missing required argument 'NETWORK.json'."],
    [['trian', 'reference'], 2, "Unknown command 'trian' (Did you mean train?)"],
    [['runs', '--jsn'], 2, "Unknown option '--jsn' (Did you mean --json?)"],
    [[], 2, 'No command was given.'],
    [['data', 'verify', 'cifar'], 2, 'There is no data set "cifar".'],
  ])('%j', async (args, code, message) => {
    const result = await cli(...args)
    expect(result.stdout).toBe('')
    expect(result.stderr).toContain(message)
    expect(result.stderr.trim().split('\n')).toHaveLength(1)
    expect(result.code).toBe(code)
  })

  it('tells a network of another version, and one that cannot run', async () => {
    const file = join(folder, 'network.json')
    writeFileSync(file, JSON.stringify({ ...smallNetwork, version: 7 }))
    const newer = await cli('train', file, '--json')
    expect([newer.code, newer.stdout]).toEqual([2, ''])
    expect(JSON.parse(newer.stderr)).toMatchObject({ type: 'error', kind: 'unsupported-version' })
    writeFileSync(file, JSON.stringify({ ...smallNetwork, layers: smallNetwork.layers.slice(0, 4) }))
    const cut = await cli('train', file)
    expect(cut.code).toBe(2)
    expect(cut.stderr).toContain('The last layer "relu1" gives 9 × 9 × 2, but MNIST has 10 classes.')
  })

  it('tells damaged and missing data', async () => {
    const data = join(folder, 'data')
    const env = { CONVSCOPE_HOME: join(folder, 'home'), CONVSCOPE_DATA: data }
    mkdirSync(join(data, 'mnist'), { recursive: true })
    for (const name of ['train-images-idx3', 'train-labels-idx1', 't10k-images-idx3', 't10k-labels-idx1']) {
      writeFileSync(join(data, 'mnist', `${name}-ubyte`), 'damaged')
    }
    const result = await runCli(['train', small(), '--engine', 'eager'], { env })
    expect(result.code).toBe(2)
    expect(result.stderr).toContain(`${join(data, 'mnist', 'train-images-idx3-ubyte')} is damaged`)
    expect((await runCli(['data', 'verify', 'mnist'], { env })).code).toBe(2)
  })
})

describe('help', { timeout: 60_000 }, () => {
  it.each(['', 'doctor', 'data', 'train', 'runs', 'show', 'predict', 'export'])(
    '%s --help has examples',
    async (name) => {
      const result = await cli(...(name ? [name] : []), '--help')
      expect(result).toMatchObject({ code: 0, stderr: '' })
      expect(result.stdout).toContain(`\nExamples:\n  convscope ${name}`)
    },
  )
})

describe('doctor and data', { timeout: 60_000 }, () => {
  it('say what is there', async () => {
    const doctor = await cli('doctor', '--json')
    expect(doctor.code).toBe(0)
    expect(doctor.objects.map(({ name }) => name)).toContain('Run database')
    expect(doctor.objects.find(({ name }) => name === 'MNIST')).toMatchObject({ level: 'ok' })
    const data = await cli('data', '--json')
    expect(data.objects[0]).toMatchObject({ type: 'dataset', id: 'mnist', origin: 'package' })
    expect((await cli('data', 'verify', 'mnist')).stdout).toBe('MNIST: all 4 files are as published\n')
  })
})
