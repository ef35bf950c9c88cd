import { randomUUID } from 'node:crypto'
import { mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { uptime } from 'node:os'
import { join } from 'node:path'

/**
 * Each program that has the database open keeps a marker file `<process id>-<session>` beside it. A marker whose process is
 * gone means that the program died: the file is checked, and the runs it was training are closed.
 */
export interface Session {
  readonly id: string
  /** A program died with the database open. */
  readonly uncleanExit: boolean
  /** Another program has the database open. */
  readonly hasCompany: boolean
  /** The same, as it is now. */
  hasCompanyNow(): boolean
  isAlive(session: string): boolean
  /** Forgets the programs that died, once the file is known to be sound. */
  clearDead(): void
  end(): void
}

interface Marker {
  readonly file: string
  readonly session: string
  readonly alive: boolean
}

export function beginSession(home: string): Session {
  const folder = join(home, 'sessions')
  mkdirSync(folder, { recursive: true })
  const others = readMarkers(folder)
  const dead = others.filter((marker) => !marker.alive)
  const id = randomUUID()
  const own = join(folder, `${process.pid}-${id}`)
  writeFileSync(own, '')
  return {
    id,
    uncleanExit: dead.length > 0,
    hasCompany: dead.length < others.length,
    hasCompanyNow: () => readMarkers(folder).some((marker) => marker.alive && marker.session !== id),
    isAlive: (session) => readMarkers(folder).some((marker) => marker.alive && marker.session === session),
    clearDead() {
      for (const marker of dead) rmSync(marker.file, { force: true })
    },
    end() {
      rmSync(own, { force: true })
    },
  }
}

function readMarkers(folder: string): Marker[] {
  return readdirSync(folder).flatMap((name) => {
    const match = /^(\d+)-(.+)$/.exec(name)
    if (!match?.[1] || !match[2]) return []
    const file = join(folder, name)
    return [{ file, session: match[2], alive: isRunning(Number(match[1]), file) }]
  })
}

/** Whether the process that made this file still runs. */
export function isRunning(pid: number, file: string): boolean {
  // Process ids start over when the computer does, so an older file cannot belong to a living process.
  const bootedAt = Date.now() - uptime() * 1000
  try {
    if (statSync(file).mtimeMs < bootedAt - 2000) return false
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
