import { appendFileSync, cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { cachedFolder } from './cache.mjs'
import { ensureBuildTools } from './debian.mjs'
import { fetchFromNpm } from './download.mjs'
import { modules } from './paths.mjs'
import { pins } from './pins.mjs'
import { orAdvise, run } from './run.mjs'

/** @typedef {import('./progress.mjs').Progress} Progress */

// What node-gyp reads of a Node installation, as far as modules that use nothing but Node-API need it.
const commonGypi = `{
  'target_defaults': {
    'default_configuration': 'Release',
    'cflags': ['-pthread'],
    'cflags_cc': ['-fno-rtti', '-fno-exceptions', '-std=gnu++17'],
    'ldflags': ['-pthread'],
    'configurations': { 'Debug': {}, 'Release': { 'cflags': ['-O3', '-fno-strict-aliasing'] } },
  },
}
`

// The package leaves experimental functions out. This one has been in Node since 20.10, and node-addon-api
// needs it to release objects outside of the garbage collector in modules that declare themselves experimental.
const postFinalizer = `
#ifdef NAPI_EXPERIMENTAL
#define NODE_API_EXPERIMENTAL_HAS_POST_FINALIZER
EXTERN_C_START
NAPI_EXTERN napi_status NAPI_CDECL node_api_post_finalizer(
    node_api_basic_env env, napi_finalize finalize_cb, void* finalize_data, void* finalize_hint);
EXTERN_C_END
#endif
`

/**
 * Node-API's headers in the form of a Node installation. The same headers on every machine: those beside the
 * running Node may be missing or of another age than the Electron that loads the module.
 * @param {Progress} progress
 */
function nodeHeaders(progress) {
  return cachedFolder(`headers/${pins.nodeHeaders.spec.split('@')[1]}`, async (folder) => {
    const archive = await fetchFromNpm(pins.nodeHeaders, progress)
    await run('tar', ['-xzf', archive, '-C', folder, '--strip-components=1'])
    const target = join(folder, 'include', 'node')
    mkdirSync(target)
    for (const name of ['node_api.h', 'node_api_types.h', 'js_native_api.h', 'js_native_api_types.h']) {
      cpSync(join(folder, 'include', name), join(target, name))
    }
    appendFileSync(join(target, 'node_api.h'), postFinalizer)
    writeFileSync(join(target, 'node_version.h'), '#define NODE_MAJOR_VERSION 20\n')
    writeFileSync(join(target, 'common.gypi'), commonGypi)
    writeFileSync(join(target, 'config.gypi'), "{ 'target_defaults': {}, 'variables': {} }\n")
    rmSync(archive)
  })
}

/**
 * Builds a native module with node-gyp.
 * @param {string} folder a copy of its sources
 * @param {readonly string[]} settings
 * @param {string} text
 * @param {Progress} progress
 */
export async function buildNative(folder, settings, text, progress) {
  await ensureBuildTools(progress)
  const headers = await nodeHeaders(progress)
  const began = Date.now()
  progress.step(text)
  const gyp = join(modules, 'node-gyp', 'bin', 'node-gyp.js')
  const args = [gyp, 'rebuild', '--release', `--nodedir=${headers}`, ...settings]
  await orAdvise(
    `${text} failed`,
    'The compiler needs g++ 10 or newer and 1 GB of memory. Run the command again to try once more.',
    () => run(process.execPath, args, { cwd: folder, onTick: () => progress.elapsed(text, began) }),
  )
}
