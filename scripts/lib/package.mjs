import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { SetupError } from '../setup/errors.mjs'
import { modules, root } from '../setup/paths.mjs'
import { electronPart, electronPath } from '../setup/parts/electron.mjs'
import { run } from '../setup/run.mjs'
import { build } from './build.mjs'

/**
 * Makes the unpacked app (electron-builder's target `dir`) of this system, where the build has changed since the last time.
 * @param {{ output: string, inspect: boolean, stream?: NodeJS.WritableStream }} options `output` below the project;
 *   `inspect` leaves Node's inspector on for Playwright
 * @returns {Promise<string>} the program
 */
export async function packageApp({ output, inspect, stream = process.stderr }) {
  await build({ stream })
  const electron = electronPath()
  if (electron === null) throw new SetupError('Electron is missing', 'Run: npm run setup')
  const { version } = await electronPart.check()
  const program = join(root, output, unpackedFolder(), programName())
  const stampPath = join(root, output, '.packaged-from')
  const stamp = packageStamp(version, inspect)
  if (existsSync(program) && existsSync(stampPath) && readFileSync(stampPath, 'utf8') === stamp) return program
  const began = Date.now()
  stream.write(`package for ${process.platform} ${process.arch}\n`)
  const args = [join(modules, 'electron-builder', 'cli.js'), '--dir', '--publish', 'never']
  args.push(`-c.electronVersion=${version}`, `-c.electronDist=${dirname(electron)}`, `-c.directories.output=${output}`)
  try {
    await run(process.execPath, args, { cwd: root, env: { CONVSCOPE_INSPECT: inspect ? '1' : '0' } })
  } catch (error) {
    throw new SetupError(
      `the app could not be packaged: ${error instanceof Error ? error.message : String(error)}`,
      'Remove the folder dist and run the command again.',
    )
  }
  writeFileSync(stampPath, stamp)
  stream.write(`packaged ${relative(root, program)} in ${((Date.now() - began) / 1000).toFixed(1)} s\n`)
  return program
}

/** What a package is made of, apart from its settings. @param {string} electron @param {boolean} inspect */
function packageStamp(electron, inspect) {
  const settings = ['electron-builder.yml', 'scripts/package/after-pack.cjs']
  const times = settings.map((name) => statSync(join(root, name)).mtimeMs)
  return JSON.stringify({ electron, inspect, times, built: readFileSync(join(root, 'out', '.built-from'), 'utf8') })
}

function unpackedFolder() {
  if (process.platform === 'darwin') return process.arch === 'arm64' ? 'mac-arm64' : 'mac'
  return process.platform === 'win32' ? 'win-unpacked' : 'linux-unpacked'
}

function programName() {
  if (process.platform === 'darwin') return 'Convscope.app/Contents/MacOS/Convscope'
  return process.platform === 'win32' ? 'Convscope.exe' : 'convscope'
}
