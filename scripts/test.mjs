// `npm test`: every check. `npm test -- unit e2e` runs these stages only. The last line counts test cases and checks.
import { command } from './lib/command.mjs'
import { countsLine } from './lib/counts.mjs'
import { stages } from './lib/stages.mjs'
import { reportFailure } from './setup/report.mjs'
import { layTable } from './setup/table.mjs'

await command(async () => {
  const wanted = process.argv.slice(2)
  const unknown = wanted.find((id) => !stages.some((stage) => stage.id === id))
  if (unknown !== undefined) {
    console.error(`There is no stage “${unknown}”. Stages: ${stages.map((stage) => stage.id).join(', ')}`)
    return 2
  }
  const chosen = stages.filter((stage) => wanted.length === 0 || wanted.includes(stage.id) || stage.id === 'setup')
  const total = { passed: 0, failed: 0, skipped: 0 }
  const rows = []
  for (const stage of chosen) {
    console.log(`\n== ${stage.title} ==`)
    const began = Date.now()
    const counts = await runStage(stage)
    for (const key of /** @type {const} */ (['passed', 'failed', 'skipped'])) total[key] += counts[key]
    rows.push([stage.title, counts.failed > 0 ? 'FAILED' : 'ok', countsLine(counts), `${seconds(began)} s`])
  }
  console.log(`\n${layTable(['stage', 'result', 'counts', 'time'], rows)}\n\n${countsLine(total)}`)
  return total.failed > 0 ? 1 : 0
})

/** @param {import('./lib/stages.mjs').Stage} stage */
async function runStage(stage) {
  try {
    return await stage.run()
  } catch (error) {
    reportFailure(error)
    return { passed: 0, failed: 1, skipped: 0 }
  }
}

/** @param {number} began */
function seconds(began) {
  return ((Date.now() - began) / 1000).toFixed(1)
}
