import { join } from 'node:path'
import { readJson, root } from './paths.mjs'

/**
 * What set-up fetches beside package-lock.json, with the digests it must have.
 * @type {typeof import('./pins.json')}
 */
export const pins = readJson(join(root, 'scripts', 'setup', 'pins.json'))
