import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { startContender } from './contender.mjs'
import { pins } from '../scripts/setup/pins.mjs'
import { torchPython } from '../scripts/setup/python/environment.mjs'
import { tensorflowPython } from './python.mjs'
import { report, summarize } from './report.mjs'

const root = join(import.meta.dirname, '..')
const torchVersion = pins.python.torch

/** Trains the reference network on Fashion-MNIST with each contender in turn, epoch by epoch, and prints a table. */
async function main() {
  const dataFolder = process.env['CONVSCOPE_FASHION_MNIST']
  const { values } = parseArgs({
    options: {
      batches: { type: 'string', default: '32,64,128,256' },
      epochs: { type: 'string', default: '5' },
      images: { type: 'string', default: '12000' },
      only: { type: 'string' },
      profile: { type: 'boolean', default: false },
      output: { type: 'string' },
      designer: { type: 'boolean', default: false },
      layers: { type: 'string', default: '200' },
      runs: { type: 'boolean', default: false },
      count: { type: 'string' },
      steps: { type: 'string' },
      home: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) {
    console.log(
      'npm run bench -- [--batches 32,64,128,256] [--epochs 5] [--images 12000] [--only convscope,tfjs,torch-nchw,torch-nhwc]\n' +
        '                 [--profile] [--output FILE.md]\n' +
        '--profile also prints where a step’s time goes, op by op.\n' +
        'npm run bench -- --designer [--layers 200]   how fast the designer answers on a large network, on a display.\n' +
        'npm run bench -- --runs [--count 1000] [--steps 10000] [--home FOLDER]   how fast many runs are listed and drawn.',
    )
    return
  }
  if (values.designer) {
    build()
    await import(join(root, 'out/bench/designer.mjs'))
    return
  }
  if (values.runs) {
    build()
    await import(join(root, 'out/bench/runs.mjs'))
    return
  }
  if (!dataFolder) throw new Error('Fashion-MNIST is missing. "npm run setup -- --check" says how to get it.')
  build()
  const python = torchPython()
  if (python === null) throw new Error('PyTorch is missing. Run: npm run setup -- --only=python')
  const files = [join(dataFolder, 'train-images-idx3-ubyte.gz'), join(dataFolder, 'train-labels-idx1-ubyte.gz')]
  const ours = [process.execPath, join(root, 'out/bench/convscope.mjs')]
  const torch = [python, join(root, 'bench/contenders/torch_train.py')]
  const fit = [process.execPath, join(root, 'bench/contenders/tfjs-fit.cjs')]
  /** @type {Record<string, (batch: string) => string[]>} */
  const contenders = {
    convscope: (batch) => [...ours, batch, values.images],
    'torch-nchw': (batch) => [...torch, batch, values.images, ...files, 'contiguous'],
    'torch-nhwc': (batch) => [...torch, batch, values.images, ...files, 'channels_last'],
    tfjs: (batch) => [...fit, batch, values.images, ...files],
  }
  const names = values.only ? values.only.split(',') : Object.keys(contenders)
  const results = []
  const machine = { cpu: cpus()[0]?.model ?? '', cores: cpus().length, torch: torchVersion }
  for (const batch of values.batches.split(',')) {
    results.push(await compare(batch, names, contenders, Number(values.epochs), Number(values.images)))
    // After every batch size, so that a long run that ends early has something to show.
    const text = report(results, machine)
    console.log(text)
    if (values.output) writeFileSync(values.output, text)
  }
  if (values.profile) await profile(ours, values.batches.split(','), values.images)
}

/**
 * @param {string} batch @param {string[]} names
 * @param {Record<string, (batch: string) => string[]>} contenders
 * @param {number} epochs @param {number} images
 */
async function compare(batch, names, contenders, epochs, images) {
  const running = []
  for (const name of names) {
    const command = contenders[name]
    if (!command) throw new Error(`There is no contender "${name}"; there are ${Object.keys(contenders).join(', ')}.`)
    const contender = await startContender(name, command(batch), environment(name))
    running.push({ contender, rates: /** @type {number[]} */ ([]) })
  }
  for (let round = 0; round <= epochs; round++) {
    for (const { contender, rates } of running) {
      const { seconds, loss } = await contender.epoch()
      const rate = images / seconds
      // The first epoch warms caches, thread pools and clocks up.
      if (round > 0) rates.push(rate)
      console.error(
        `batch ${batch}  ${contender.name.padEnd(10)}  ${round ? `epoch ${round}` : 'warm-up'}  ${rate.toFixed(0)} images/s  loss ${loss.toFixed(4)}`,
      )
    }
  }
  const measured = []
  for (const { contender, rates } of running) {
    measured.push({ name: contender.name, rates, peakBytes: await contender.quit() })
  }
  return summarize(Number(batch), measured)
}

/**
 * PyTorch's forward and backward threads get in each other's way on few cores unless they are bound; measured faster on
 * every batch size, so that is what it gets.
 * @param {string} name
 */
function environment(name) {
  return name.startsWith('torch') ? { OMP_PROC_BIND: 'true', ...process.env } : process.env
}

function build() {
  const vite = join(root, 'node_modules/vite/bin/vite.js')
  const { status } = spawnSync(process.execPath, [vite, 'build', '--config', join(root, 'bench/vite.config.ts')], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  if (status !== 0) throw new Error('The benchmark could not be built.')
}

/** @param {string[]} ours @param {string[]} batches @param {string} images */
async function profile(ours, batches, images) {
  const python = await tensorflowPython()
  const folder = mkdtempSync(join(tmpdir(), 'convscope-profile-'))
  try {
    for (const batch of batches) {
      const graph = join(folder, `graph-${batch}.pb`)
      const [node = '', ...args] = [...ours, batch, images, graph]
      spawnSync(node, args, { stdio: 'inherit' })
      spawnSync(python, [join(root, 'bench/profile_graph.py'), graph], { stdio: 'inherit' })
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

await main()
