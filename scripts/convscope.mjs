// `npm run --silent convscope -- ...`: the command line program. Standard output belongs to it alone.
import { build, cliPath } from './lib/build.mjs'
import { command } from './lib/command.mjs'
import { handOver } from './lib/hand-over.mjs'
import { needs, setUp } from './setup/setup.mjs'

await command(async () => {
  await setUp(needs.terminal, { forgive: ['tensorflow'] })
  await build()
  return handOver(process.execPath, [cliPath, ...process.argv.slice(2)])
})
