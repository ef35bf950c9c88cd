// Builds the app and the command line program into out/, where a source has changed.
import { build } from './lib/build.mjs'
import { command } from './lib/command.mjs'
import { setUp } from './setup/setup.mjs'

await command(async () => {
  await setUp(['npm'])
  if (!(await build())) console.error('nothing has changed since the last build')
})
