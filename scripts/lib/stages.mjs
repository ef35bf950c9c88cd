import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { modules, readJson, root } from '../setup/paths.mjs'
import { torchPython } from '../setup/python/environment.mjs'
import { dispensable, needs, setUp } from '../setup/setup.mjs'
import { build } from './build.mjs'
import { countPlaywright, countVitest, skippedLines } from './counts.mjs'
import { handOver } from './hand-over.mjs'
import { packageApp } from './package.mjs'

/** @typedef {import('./counts.mjs').Counts} Counts */
/** @typedef {{ id: string, title: string, run: () => Promise<Counts> }} Stage */

const results = join(root, 'test-results')
const longest = 20 * 60_000

/**
 * One check that a tool makes: it passes or fails as a whole.
 * @param {string} script of the tool, below node_modules
 * @param {readonly string[]} args
 * @returns {Promise<Counts>}
 */
async function check(script, args) {
  return asCounts(
    (await handOver(process.execPath, [join(modules, script), ...args], { cwd: root, timeout: longest })) === 0,
  )
}

/** @param {boolean} isGood @returns {Counts} */
function asCounts(isGood) {
  return { passed: isGood ? 1 : 0, failed: isGood ? 0 : 1, skipped: 0 }
}

/**
 * Runs a test runner and counts its report. A runner that fails without a failed test counts as one failure.
 * @param {string} report
 * @param {(report: any) => Counts} count
 * @param {() => Promise<number>} runner
 */
async function tests(report, count, runner) {
  const path = join(results, report)
  mkdirSync(results, { recursive: true })
  rmSync(path, { force: true })
  const code = await runner()
  const data = readJson(path)
  const counts = data === null ? { passed: 0, failed: 0, skipped: 0 } : count(data)
  if (counts.failed === 0 && (code !== 0 || data === null)) counts.failed = 1
  return counts
}

async function runUnit() {
  const args = ['run', '--reporter=default', '--reporter=json', '--outputFile.json=test-results/vitest.json']
  const python = process.env.CONVSCOPE_PYTHON ?? torchPython()
  const env = python === null ? {} : { CONVSCOPE_PYTHON: python }
  const counts = await tests('vitest.json', countVitest, () =>
    handOver(process.execPath, [join(modules, 'vitest', 'vitest.mjs'), ...args], { cwd: root, env, timeout: longest }),
  )
  for (const line of skippedLines(readJson(join(results, 'vitest.json')), root)) console.log(line)
  return counts
}

/** A package of its own: a release has no inspector, which Playwright needs. */
function packageForTests() {
  return packageApp({ output: 'dist/e2e', inspect: true, stream: process.stdout })
}

async function runEndToEnd() {
  const packaged = await packageForTests()
  const command = [process.execPath, join(modules, '@playwright', 'test', 'cli.js'), 'test', '--pass-with-no-tests']
  // A display of its own: windows that appear on the real one would take the keyboard.
  if (process.platform === 'linux') command.unshift('xvfb-run', '-a', '--server-args=-screen 0 1600x1000x24')
  const [program = '', ...args] = command
  const env = { CONVSCOPE_PACKAGED: packaged }
  return tests('playwright.json', countPlaywright, () => handOver(program, args, { cwd: root, env, timeout: longest }))
}

/** @type {readonly Stage[]} */
export const stages = [
  {
    id: 'setup',
    title: 'set-up',
    run: async () => {
      // Where nobody reads the output, PyTorch's tests must not be left out unnoticed.
      await setUp(needs.tests, { stream: process.stdout, forgive: process.env.CI ? ['desktop'] : dispensable })
      return asCounts(true)
    },
  },
  { id: 'lint', title: 'lint', run: () => check('eslint/bin/eslint.js', ['.', '--max-warnings', '0']) },
  {
    id: 'format',
    title: 'format',
    run: () => check('prettier/bin/prettier.cjs', ['--check', '.', '--log-level', 'warn']),
  },
  { id: 'types', title: 'types', run: () => check('vue-tsc/bin/vue-tsc.js', ['--build']) },
  {
    id: 'imports',
    title: 'import zones',
    run: () =>
      check('dependency-cruiser/bin/dependency-cruise.mjs', ['shared', 'electron', 'renderer', 'e2e', 'scripts']),
  },
  { id: 'unused', title: 'unused code', run: () => check('knip/bin/knip.js', []) },
  { id: 'unit', title: 'unit tests', run: runUnit },
  {
    id: 'build',
    title: 'build',
    run: async () => {
      await build({ stream: process.stdout })
      return asCounts(true)
    },
  },
  {
    id: 'package',
    title: 'package',
    run: async () => {
      await packageForTests()
      return asCounts(true)
    },
  },
  { id: 'e2e', title: 'end to end', run: runEndToEnd },
]
