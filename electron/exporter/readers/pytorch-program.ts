import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process'
import type { SoundNetwork } from '../../../shared/network/analyze'
import { elementCount } from '../../../shared/network/shape'
import type { WrittenNetwork } from '../format'

// Bundled by the build tool.
const [proof = ''] = Object.values(
  import.meta.glob<string>('../../../resources/pytorch-project-proof.py', {
    eager: true,
    query: '?raw',
    import: 'default',
  }),
)

/** Importing PyTorch from a cold disk takes a while. */
const startMs = 120_000

/**
 * A project's network, run by its own code in PyTorch, which also takes the optimizer's state. Null where no Python with PyTorch is
 * found: CONVSCOPE_PYTHON, else python3 or python. Rejects with what Python says where the project does not run.
 */
export async function openInPyTorch(project: string, network: SoundNetwork): Promise<WrittenNetwork | null> {
  const own = process.env['CONVSCOPE_PYTHON']
  for (const python of own === undefined ? ['python3', 'python'] : [own]) {
    const program = startProgram(python, [project, ...network.input.shape.map(String)])
    const version = await program.line()
    if (version?.startsWith('PyTorch ') !== true) {
      program.end()
      continue
    }
    if ((await program.line()) !== 'ready') {
      program.end()
      throw new Error(`PyTorch does not run it: ${lastLine(program.said())}`)
    }
    program.started()
    const outputBytes = 4 * elementCount(network.output.shape)
    return {
      reader: version,
      async run(pictures, count) {
        program.write(Uint8Array.from([count, count >> 8, count >> 16, count >> 24]))
        program.write(new Uint8Array(pictures.buffer, pictures.byteOffset, pictures.byteLength))
        const bytes = await program.bytes(count * outputBytes)
        if (bytes === null) throw new Error(`PyTorch gave up: ${lastLine(program.said())}`)
        return new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4)
      },
      close: () => Promise.resolve(program.end()),
    }
  }
  return null
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? ''
}

/** A Python that is talked to through its input and output. It ends with its input, so also when this process is killed. */
function startProgram(python: string, args: readonly string[]) {
  // -B: no compiled files beside the project.
  const child: ChildProcessWithoutNullStreams = spawn(python, ['-B', '-c', proof, ...args])
  let heard = Buffer.alloc(0)
  let said = ''
  let ended = false
  let wake: () => void = () => undefined
  const timer = setTimeout(() => child.kill('SIGKILL'), startMs)
  child.stdout.on('data', (part: Buffer) => {
    heard = Buffer.concat([heard, part])
    wake()
  })
  child.stderr.on('data', (part: Buffer) => (said = (said + part.toString('utf8')).slice(-4000)))
  // A broken pipe is told by the end of its output.
  child.stdin.on('error', () => undefined)
  function finish(): void {
    ended = true
    clearTimeout(timer)
    wake()
  }
  child.on('error', finish)
  child.on('close', finish)

  /** The next `length` bytes, once `length` is known; null where the program ended before. */
  async function take(length: () => number): Promise<Uint8Array<ArrayBuffer> | null> {
    while (heard.length < length()) {
      if (ended) return null
      await new Promise<void>((resolve) => (wake = resolve))
    }
    const taken = Uint8Array.from(heard.subarray(0, length()))
    heard = heard.subarray(taken.length)
    return taken
  }

  return {
    said: () => said,
    /** From now on it may take its time. */
    started: () => clearTimeout(timer),
    write: (bytes: Uint8Array) => void child.stdin.write(bytes),
    bytes: (length: number) => take(() => length),
    async line(): Promise<string | null> {
      const bytes = await take(() => (heard.includes(10) ? heard.indexOf(10) + 1 : Infinity))
      return bytes === null ? null : Buffer.from(bytes).toString('utf8').trim()
    },
    end(): void {
      clearTimeout(timer)
      child.stdin.end()
    },
  }
}
