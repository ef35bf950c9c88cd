import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { root } from './paths.mjs'

/** Debian's own Python, for which its packages are. */
export const debianPython = '/usr/bin/python3'

/** Whether a test can have a session bus with a desktop's services on it. */
export function hasDesktopServices() {
  if (process.platform !== 'linux') return false
  const probe = join(root, 'scripts', 'setup', 'probes', 'desktop.py')
  return spawnSync(debianPython, [probe], { stdio: 'ignore', timeout: 60_000 }).status === 0
}
