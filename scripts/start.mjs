// `npm start`: set-up, build, and the app. Without a display, the app's main job in the terminal.
import { build, cliPath } from './lib/build.mjs'
import { command } from './lib/command.mjs'
import { handOver } from './lib/hand-over.mjs'
import { root } from './setup/paths.mjs'
import { electronPath } from './setup/parts/electron.mjs'
import { torchPython } from './setup/python/environment.mjs'
import { needs, setUp } from './setup/setup.mjs'

const hasDisplay = process.platform !== 'linux' || Boolean(process.env.DISPLAY ?? process.env.WAYLAND_DISPLAY)

await command(hasDisplay ? openApp : trainInTerminal)

async function openApp() {
  await setUp(needs.app, { forgive: ['tensorflow'] })
  await build()
  const program = electronPath()
  if (program === null) throw new Error('Electron is missing after set-up')
  // Chromium's sandbox refuses to run as root.
  const flags = process.getuid?.() === 0 ? ['--no-sandbox'] : []
  // The proof of a PyTorch project runs it, where set-up has made a Python for the tests.
  const python = process.env.CONVSCOPE_PYTHON ?? torchPython()
  const env = python === null ? {} : { CONVSCOPE_PYTHON: python }
  return handOver(program, [...flags, root, ...process.argv.slice(2)], { env })
}

async function trainInTerminal() {
  console.log('There is no display here (DISPLAY and WAYLAND_DISPLAY are not set), so there can be no window.')
  console.log('Training the reference network on MNIST in the terminal instead; the run is kept, and')
  console.log('`npm run --silent convscope -- --help` says what else can be done without a window.\n')
  await setUp(needs.terminal, { forgive: ['tensorflow'] })
  await build()
  return handOver(process.execPath, [cliPath, 'train', 'resources/networks/reference.json', '--data', 'mnist'], {
    cwd: root,
  })
}
