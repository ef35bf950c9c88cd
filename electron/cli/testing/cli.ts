import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { build } from 'vite'

const root = join(import.meta.dirname, '../../..')
const outDir = join(root, 'node_modules/.cache/convscope-cli-test')
export const program = join(outDir, 'convscope.mjs')

/** Bundles the program as it is shipped, beside the real one. */
export async function buildCli(): Promise<void> {
  await build({ root, configFile: join(root, 'vite.cli.config.ts'), logLevel: 'warn', build: { outDir } })
}

export interface CliResult {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
  /** The lines of stdout, parsed; for `--json`. */
  readonly objects: readonly Readonly<Record<string, unknown>>[]
}

/** Runs the built program in a process of its own. `onLine` gets each line of stdout as it comes, and may send a signal. */
export function runCli(
  args: readonly string[],
  options: {
    readonly env?: Readonly<Record<string, string>>
    readonly onLine?: (line: string, kill: (signal: NodeJS.Signals) => void) => void
  } = {},
): Promise<CliResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, ...args], { env: { ...process.env, ...options.env } })
    let stdout = ''
    let stderr = ''
    let seen = 0
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text
      const lines = stdout.split('\n')
      for (const line of lines.slice(seen, -1)) options.onLine?.(line, (signal) => child.kill(signal))
      seen = lines.length - 1
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, stdout, stderr, objects: parseLines(stdout) }))
  })
}

function parseLines(text: string): CliResult['objects'] {
  return text
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Record<string, unknown>)
}
