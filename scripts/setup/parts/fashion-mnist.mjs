import { mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { cachedFolder } from '../cache.mjs'
import { SetupError } from '../errors.mjs'
import { verifyFile } from '../integrity.mjs'
import { missing } from '../part.mjs'
import { cacheFolder, isFile } from '../paths.mjs'
import { pins } from '../pins.mjs'
import { findCommand, orAdvise, run } from '../run.mjs'

const files = Object.keys(pins.fashionMnist.files)
const installed = '/usr/share/datasets/fashion-mnist'

/** The folder of the four .gz files, or null. */
export function fashionMnistFolder() {
  const folders = [join(cacheFolder(), 'data', 'fashion-mnist'), installed]
  return folders.find((folder) => files.every((file) => isFile(join(folder, file)))) ?? null
}

/** Pictures for benchmarks. @type {import('../part.mjs').Part} */
export const fashionMnistPart = {
  id: 'fashion-mnist',
  title: 'Fashion-MNIST',
  purpose: 'benchmarks',

  check() {
    const folder = fashionMnistFolder()
    if (folder === null) return Promise.resolve(missing)
    return Promise.resolve({ present: true, version: '', from: 'Debian', path: folder })
  },

  async install(progress) {
    if (!findCommand('apt-get') || !findCommand('dpkg-deb')) {
      throw new SetupError(
        'Fashion-MNIST comes from a Debian package, and this system has no apt-get',
        `Put the four original .gz files (${files.join(', ')}) into ${join(cacheFolder(), 'data', 'fashion-mnist')}.`,
      )
    }
    await cachedFolder('data/fashion-mnist', async (partial) => {
      const name = pins.fashionMnist.package
      progress.step(`download ${name} from Debian (31 MB)`)
      const unpacked = join(partial, 'unpacked')
      mkdirSync(unpacked)
      // Fetched, not installed: that takes no root.
      await orAdvise(
        `apt-get could not fetch ${name}`,
        'Renew the package lists (apt-get update), then try again.',
        () => run('apt-get', ['download', '-q', name], { cwd: partial }),
      )
      const archive = readdirSync(partial).find((entry) => entry.endsWith('.deb')) ?? ''
      await run('dpkg-deb', ['-x', join(partial, archive), unpacked])
      for (const [file, pin] of Object.entries(pins.fashionMnist.files)) {
        renameSync(join(unpacked, installed, file), join(partial, file))
        await verifyFile(join(partial, file), pin)
      }
      rmSync(unpacked, { recursive: true })
      rmSync(join(partial, archive))
    })
  },
}
