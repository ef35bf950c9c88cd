// `npm run dev`: the app from the sources, renewed on every change.
import { join } from 'node:path'
import { command } from './lib/command.mjs'
import { handOver } from './lib/hand-over.mjs'
import { modules, root } from './setup/paths.mjs'
import { needs, setUp } from './setup/setup.mjs'

await command(async () => {
  await setUp(needs.app, { forgive: ['tensorflow'] })
  const flags = process.getuid?.() === 0 ? ['--noSandbox'] : []
  const program = join(modules, 'electron-vite', 'bin', 'electron-vite.js')
  return handOver(process.execPath, [program, 'dev', '--watch', ...flags, ...process.argv.slice(2)], { cwd: root })
})
