#!/usr/bin/env node
import { createOutput, type Terminal } from './output'
import type { CliContext } from './context'
import { exitCodes } from './exit-codes'
import { runCli } from './program'

// The command line program: everything here belongs to the process; the rest runs anywhere.

function terminal(stream: NodeJS.WriteStream): Terminal {
  return {
    write: (text) => void stream.write(text),
    get isTTY() {
      return stream.isTTY
    },
    get columns() {
      return stream.columns || 80
    },
  }
}

/** The first Ctrl+C asks politely, the second one ends the program. */
function onInterrupt(listener: () => void): () => void {
  let asked = false
  function take(): void {
    if (asked) process.exit(exitCodes.interrupted)
    asked = true
    listener()
  }
  process.on('SIGINT', take)
  process.on('SIGTERM', take)
  return () => {
    process.off('SIGINT', take)
    process.off('SIGTERM', take)
  }
}

// A reader that has seen enough (`| head`) is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  process.exit(exitCodes.ok)
})

const args = process.argv.slice(2)
const out = terminal(process.stdout)
const context: CliContext = {
  output: createOutput(args.includes('--json'), out, terminal(process.stderr)),
  onInterrupt,
  exitCode: exitCodes.ok,
}
process.exitCode = await runCli(args, context, out)
