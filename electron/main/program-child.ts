import type { MessagePortMain } from 'electron'

/** The part of Electron's UtilityProcess that is used here, so that tests can put a fake in its place. */
export interface ProgramChild<Command, Event> {
  readonly pid: number | undefined
  readonly stderr: { on(event: 'data', listener: (chunk: Buffer | string) => void): unknown } | null
  postMessage(command: Command, ports?: MessagePortMain[]): void
  on(event: 'spawn', listener: () => void): unknown
  on(event: 'message', listener: (event: Event) => void): unknown
  on(event: 'exit', listener: (code: number) => void): unknown
  on(event: 'error', listener: (type: string, location: string) => void): unknown
}

/** A child that can be written to from the start. */
export interface Mailbox<Command> {
  post(command: Command, ports?: MessagePortMain[]): void
  /** The last of what the child wrote to stderr. */
  readonly stderr: string
}

const keptStderrBytes = 4000

/** What a process wrote and sent just before its end may arrive after the news of it. */
export const lastWordsMs = 250

/** Keeps what is posted before the child runs, which would be lost, and what it writes to stderr. `name` is for the log. */
export function openMailbox<Command, Event>(
  child: ProgramChild<Command, Event>,
  name: string,
  log: (message: string) => void,
): Mailbox<Command> {
  const unsent: [Command, MessagePortMain[]][] = []
  let spawned = false
  let stderr = ''
  child.on('spawn', () => {
    spawned = true
    for (const [command, ports] of unsent.splice(0)) child.postMessage(command, ports)
  })
  child.on('error', (type, location) => log(`${name}: ${type} at ${location}`))
  child.stderr?.on('data', (chunk) => {
    stderr = (stderr + String(chunk)).slice(-keptStderrBytes)
  })
  return {
    post(command, ports = []) {
      if (spawned) child.postMessage(command, ports)
      else unsent.push([command, ports])
    },
    get stderr() {
      return stderr
    },
  }
}

/** The last lines that a person can use: without stack frames, rulers, and what TensorFlow says at each start. */
export function tellingLines(stderr: string): string {
  const lines = stderr.split('\n').map((line) => line.trim())
  return lines
    .filter((line) => line !== '' && !/^(-----|at |\d+: |WARNING: All log messages|[IW]\d{4} )/.test(line))
    .slice(-5)
    .join('\n')
}

const signalNames: Readonly<Record<number, string>> = {
  4: 'SIGILL',
  6: 'SIGABRT',
  7: 'SIGBUS',
  8: 'SIGFPE',
  9: 'SIGKILL',
  11: 'SIGSEGV',
  15: 'SIGTERM',
}

/** Electron gives the number of the signal that ended a process in place of its exit code. */
export function describeExit(code: number): string {
  const name = process.platform === 'win32' ? undefined : signalNames[code]
  return name ? `signal ${name}` : `exit code ${code}`
}
