import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative, sep } from 'node:path'
import type { NamedTensors } from '../../../shared/formats/tensors'
import { optimizerFile, weightsFile } from '../../../shared/training/checkpoint-names'
import { readCheckpointSource } from '../../exchange/pytorch-project/checkpoint-source'
import { readBytes } from '../files'
import type { ExportSource, WrittenNetwork } from '../format'
import { runWeights } from '../run-weights'
import { openInPyTorch } from './pytorch-program'
import { parseSafetensors } from './safetensors'
import { parseZip } from './zip'

/**
 * Reads a project back: the optimizer's state and the position must be the checkpoint's, bit for bit, and the weights are run. By
 * the project's own code where a Python with PyTorch is found here, which then also takes the optimizer's state; else by the
 * engine in plain JavaScript. Rejects naming what is another.
 */
export async function openProject(target: string, source: ExportSource): Promise<WrittenNetwork> {
  const zipped = source.project?.zip === true
  const files = zipped ? parseZip(readBytes(target)) : filesOf(target)
  const found = new Map([...files].map(([path, bytes]) => [zipped ? path.slice(path.indexOf('/') + 1) : path, bytes]))
  const optimizerTensors = compareState(found, source.project?.checkpoint ?? '')
  const unpacked = zipped ? mkdtempSync(join(tmpdir(), 'convscope-project-')) : null
  const forget = () => unpacked !== null && rmSync(unpacked, { recursive: true, force: true })
  try {
    if (unpacked !== null) unpack(unpacked, found)
    const program = await openInPyTorch(unpacked ?? target, source.network)
    const running = program ?? (await runWeights(source, parseSafetensors(fileOf(found, weightsFile)), 'DataView'))
    return {
      reader: running.reader,
      project: { optimizerTensors, program: program?.reader ?? null },
      run: (pictures, count) => running.run(pictures, count),
      close: () => running.close().finally(forget),
    }
  } catch (error) {
    forget()
    throw error
  }
}

function filesOf(folder: string): Map<string, Uint8Array> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name))
  const files = names.filter((path) => statSync(path).isFile())
  return new Map(files.map((path) => [relative(folder, path).split(sep).join('/'), readBytes(path)]))
}

function unpack(folder: string, files: ReadonlyMap<string, Uint8Array>): void {
  for (const [path, bytes] of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), bytes)
  }
}

function fileOf(files: ReadonlyMap<string, Uint8Array>, name: string): Uint8Array {
  const bytes = files.get(`checkpoint/${name}`)
  if (!bytes) throw new Error(`it holds no checkpoint/${name}`)
  return bytes
}

/** Gives how many tensors of the optimizer's state there are. */
function compareState(files: ReadonlyMap<string, Uint8Array>, checkpoint: string): number {
  const { optimizer, position, loop } = readCheckpointSource(checkpoint)
  const state = JSON.parse(Buffer.from(fileOf(files, 'state.json')).toString('utf8')) as Record<string, unknown>
  const { epoch, step, stepInEpoch } = position
  const expected = { epoch, step, step_in_epoch: stepInEpoch, loop }
  if (JSON.stringify(state) !== JSON.stringify(expected)) throw new Error('its position is not the checkpoint’s')
  if (optimizer === null) return 0
  const [ours, theirs] = [parseSafetensors(optimizer), parseSafetensors(fileOf(files, optimizerFile))]
  const other = [...ours.keys(), ...theirs.keys()].find((name) => !sameTensor(ours, theirs, name))
  if (other !== undefined) throw new Error(`the optimizer’s "${other}" is not the checkpoint’s`)
  return theirs.size
}

function sameTensor(a: NamedTensors, b: NamedTensors, name: string): boolean {
  const [one, two] = [a.get(name), b.get(name)]
  if (one?.shape.join() !== two?.shape.join() || one?.values.length !== two?.values.length) return false
  return one?.values.every((value, at) => Object.is(value, two?.values[at])) === true
}
