import { join } from 'node:path'
import { SetupError } from './errors.mjs'
import { takeLock } from './lock.mjs'
import { cacheFolder, shownPath } from './paths.mjs'
import { desktopPart } from './parts/desktop.mjs'
import { electronPart } from './parts/electron.mjs'
import { fashionMnistPart } from './parts/fashion-mnist.mjs'
import { npmPart } from './parts/npm.mjs'
import { pythonPart } from './parts/python.mjs'
import { sqlitePart } from './parts/sqlite.mjs'
import { displayPart, librariesPart } from './parts/system.mjs'
import { tensorflowPart } from './parts/tensorflow.mjs'
import { Progress } from './progress.mjs'

/** In the order of installation: later parts use earlier ones. */
export const allParts = [
  npmPart,
  electronPart,
  librariesPart,
  displayPart,
  desktopPart,
  tensorflowPart,
  sqlitePart,
  fashionMnistPart,
  pythonPart,
]

/** What a command needs. */
export const needs = {
  app: ['npm', 'electron', 'system', 'tensorflow', 'sqlite'],
  tests: ['npm', 'electron', 'system', 'display', 'desktop', 'tensorflow', 'sqlite', 'python'],
  terminal: ['npm', 'tensorflow', 'sqlite'],
  benchmark: ['npm', 'tensorflow', 'sqlite', 'fashion-mnist', 'python'],
  package: ['npm', 'electron', 'tensorflow', 'sqlite'],
}

/** Parts whose tests say that they are left out; a distribution may have dropped what they take. */
export const dispensable = ['desktop', 'python']

/**
 * Brings the parts into place, and says nothing where they all are.
 * @param {readonly string[]} ids
 * @param {{ stream?: NodeJS.WriteStream, forgive?: readonly string[] }} [options] `forgive`: parts that may fail
 */
export async function setUp(ids, { stream = process.stderr, forgive = [] } = {}) {
  const parts = allParts.filter((part) => ids.includes(part.id))
  if (!(await findFirstMissing(parts))) return
  const progress = new Progress(stream)
  progress.part('set-up')
  const release = await takeLock(join(cacheFolder(), 'setup.lock'), {
    onWait: (owner) => progress.step(`another set-up is at work (process ${owner}); waiting for it`),
  })
  const began = Date.now()
  try {
    progress.step(`files are kept in ${shownPath(cacheFolder()) === '<cache>' ? cacheFolder() : ''}`)
    for (const part of parts) {
      if ((await part.check()).present) continue
      progress.part(part.title)
      try {
        await part.install(progress)
      } catch (error) {
        if (!forgive.includes(part.id)) throw error
        progress.step(`left out: ${error instanceof Error ? error.message : String(error)}`)
        if (error instanceof SetupError) progress.step(`what to do: ${error.advice}`)
      }
    }
    progress.part('set-up')
    progress.step(`done in ${((Date.now() - began) / 1000).toFixed(1)} s`)
  } finally {
    release()
  }
}

/** @param {readonly import('./part.mjs').Part[]} parts */
async function findFirstMissing(parts) {
  for (const part of parts) {
    if (!(await part.check()).present) return part
  }
  return null
}
