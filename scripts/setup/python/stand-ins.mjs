import { readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ensureBuildTools } from '../debian.mjs'
import { run } from '../run.mjs'

/**
 * A function or variable that a library takes from another one.
 * @typedef {{ name: string, version: string, isData: boolean }} Foreign
 */

/**
 * What one library says about others: which ones it is linked against, whose versions it asks for, and what it takes.
 * @typedef {{ needed: string[], owners: Map<string, string>, symbols: Foreign[] }} Links
 */

const cudaLibrary = /^lib(cu|nccl|nv)/
const cudaSymbol = /^_*(cu|nccl|nv)/
// Part of the driver; only code that has found a GPU loads what needs it.
const driver = 'libcuda.so.1'
const text = /(ErrorString|ErrorName|StatusString|ncclGetLastError)$/

/**
 * PyTorch's wheel on PyPI is linked against three gigabytes of CUDA libraries, and the loader insists on them even where
 * only the processor computes. This puts small libraries of the same names into their place, whose functions answer
 * that there is no device (cudaErrorNoDevice).
 * @param {string} folder torch/lib
 * @param {import('../progress.mjs').Progress} progress
 */
export async function writeStandIns(folder, progress) {
  await ensureBuildTools(progress)
  const present = readdirSync(folder).filter((name) => /\.so(\.|$)/.test(name))
  const links = await Promise.all(present.map((name) => readLinks(join(folder, name))))
  const missing = new Set(links.flatMap(({ needed }) => needed).filter((name) => cudaLibrary.test(name)))
  for (const name of [driver, ...present]) missing.delete(name)
  if (missing.size === 0) return
  progress.step(`${missing.size} small libraries in place of CUDA's`)
  const owners = new Map(links.flatMap((link) => [...link.owners]))
  const symbols = links.flatMap((link) => link.symbols)
  for (const library of missing) {
    const versions = [...owners].flatMap(([version, owner]) => (owner === library ? [version] : []))
    // What has no version may be anybody's who has none.
    const wanted = versions.length === 0 ? [''] : versions
    await compile(
      folder,
      library,
      symbols.filter(({ version }) => wanted.includes(version)),
    )
  }
}

/**
 * @param {string} library
 * @returns {Promise<Links>}
 */
async function readLinks(library) {
  const output = await run('readelf', ['-W', '--dynamic', '--version-info', '--dyn-syms', library], {
    env: { LC_ALL: 'C' },
  })
  return parseLinks(output)
}

/**
 * @param {string} output of readelf
 * @returns {Links}
 */
export function parseLinks(output) {
  const needed = [...output.matchAll(/\(NEEDED\).*\[(.+)\]/g)].map(([, name = '']) => name)
  const owners = new Map()
  let owner = ''
  for (const [, file, version] of output.matchAll(/\bFile: (\S+)|: +Name: (\S+) +Flags:/g)) {
    if (file) owner = file
    else if (cudaLibrary.test(owner)) owners.set(version, owner)
  }
  const undefinedSymbol = /\b(FUNC|OBJECT|NOTYPE) +GLOBAL +\w+ +UND +([^\s@]+)(?:@+(\S+))?/g
  const symbols = [...output.matchAll(undefinedSymbol)]
    .map(([, type, name = '', version = '']) => ({ name, version, isData: type === 'OBJECT' }))
    .filter(({ name }) => cudaSymbol.test(name))
  return { needed, owners, symbols }
}

/**
 * @param {string} folder
 * @param {string} library
 * @param {readonly Foreign[]} symbols
 */
async function compile(folder, library, symbols) {
  const source = join(folder, 'stand-in.c')
  const script = join(folder, 'stand-in.map')
  writeFileSync(source, sourceOf(symbols))
  writeFileSync(script, versionScriptOf(symbols))
  const args = ['-x', 'c', '-shared', '-fPIC', '-O1', '-w', '-nostdlib', source, '-o', join(folder, library)]
  await run('g++', [...args, `-Wl,-soname,${library}`, `-Wl,--version-script,${script}`])
  for (const path of [source, script]) rmSync(path)
}

/** @param {readonly Foreign[]} symbols */
export function sourceOf(symbols) {
  const lines = [...byName(symbols).values()].map(({ name, isData }) => {
    if (isData) return `char ${name}[4096];`
    return text.test(name)
      ? `const char *${name}(void) { return "PyTorch was installed without CUDA"; }`
      : `long ${name}(void) { return 100; }`
  })
  return `${lines.join('\n')}\n`
}

/** @param {readonly Foreign[]} symbols */
export function versionScriptOf(symbols) {
  const versions = new Set(symbols.map(({ version }) => version))
  const nodes = [...versions].map((version) => {
    const names = [...byName(symbols.filter((symbol) => symbol.version === version)).keys()]
    return `${version} { global: ${names.map((name) => `${name};`).join(' ')} };`.trimStart()
  })
  return `${nodes.join('\n')}\n`
}

/** @param {readonly Foreign[]} symbols */
function byName(symbols) {
  return new Map(symbols.map((symbol) => [symbol.name, symbol]))
}
