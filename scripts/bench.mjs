// `npm run bench`: set-up and build, then the benchmarks.
import { join } from 'node:path'
import { build } from './lib/build.mjs'
import { command } from './lib/command.mjs'
import { handOver } from './lib/hand-over.mjs'
import { root } from './setup/paths.mjs'
import { fashionMnistFolder } from './setup/parts/fashion-mnist.mjs'
import { needs, setUp } from './setup/setup.mjs'

await command(async () => {
  await setUp(needs.benchmark, { forgive: ['fashion-mnist'] })
  await build()
  const folder = fashionMnistFolder()
  return handOver(process.execPath, [join(root, 'bench', 'run.mjs'), ...process.argv.slice(2)], {
    cwd: root,
    env: folder === null ? {} : { CONVSCOPE_FASHION_MNIST: folder },
  })
})
