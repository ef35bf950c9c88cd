// `npm run test:crash [-- --kills 102 --seed 1]`: trains with every optimizer, kills the program again and again at random
// moments, goes on each time, and compares what is left at the end, bit for bit, with a run that nobody disturbed.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { differences } from './crash/compare.mjs'
import { optimizers, writeNetwork } from './crash/settings.mjs'
import { tornRun, wholeRun } from './crash/runs.mjs'
import { build } from './lib/build.mjs'
import { command } from './lib/command.mjs'
import { countsLine } from './lib/counts.mjs'
import { needs, setUp } from './setup/setup.mjs'

await command(async () => {
  const { values } = parseArgs({
    options: { kills: { type: 'string', default: '102' }, seed: { type: 'string', default: String(Date.now() % 1e6) } },
  })
  await setUp(needs.terminal)
  await build()
  const perOptimizer = Math.ceil(Number(values.kills) / optimizers.length)
  console.log(`kills at random moments, seed ${values.seed}; at least ${perOptimizer} for each optimizer`)
  const folder = mkdtempSync(join(tmpdir(), 'convscope-crash-'))
  const counts = { passed: 0, failed: 0, skipped: 0 }
  try {
    const network = writeNetwork(folder)
    for (const optimizer of optimizers) {
      const outcome = await tryOptimizer({ folder, network, optimizer, kills: perOptimizer, seed: Number(values.seed) })
      counts[outcome ? 'passed' : 'failed'] += 1
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  console.log(`\n${countsLine(counts)}`)
  return counts.failed > 0 ? 1 : 0
})

/**
 * Runs of one optimizer, until it was killed often enough.
 * @param {{ folder: string, network: string, optimizer: string, kills: number, seed: number }} options
 */
async function tryOptimizer({ folder, network, optimizer, kills, seed }) {
  let killed = 0
  for (let run = 1; killed < kills; run++) {
    const homes = ['whole', 'torn'].map((name) => join(folder, `${optimizer}-${run}-${name}`))
    const [wholeHome = '', tornHome = ''] = homes
    const whole = await wholeRun({ home: wholeHome, network, optimizer, seed: run })
    const torn = await tornRun({
      home: tornHome,
      network,
      optimizer,
      seed: run,
      randomSeed: `${seed}-${optimizer}-${run}`,
    })
    killed += torn.kills
    const found = differences(whole.result, torn.result)
    console.log(`${optimizer.padEnd(9)} run ${run}: ${torn.kills} kills, ${found.length} differences`)
    for (const text of found) console.log(`  ${text}`)
    if (found.length > 0) {
      console.log(`  killed at steps ${torn.moments.join(', ')}`)
      return false
    }
    for (const home of homes) rmSync(home, { recursive: true, force: true })
  }
  return true
}
