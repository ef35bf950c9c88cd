// `npm run package`: the unpacked app in dist/, with the fuses of a release (CONVSCOPE_INSPECT=1 leaves the inspector on).
import { command } from './lib/command.mjs'
import { packageApp } from './lib/package.mjs'
import { needs, setUp } from './setup/setup.mjs'

await command(async () => {
  await setUp(needs.package)
  const program = await packageApp({ output: 'dist', inspect: process.env.CONVSCOPE_INSPECT === '1' })
  console.log(program)
})
