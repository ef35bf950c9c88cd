import { zipSync, type Zippable } from 'fflate'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { AppError } from '../../../shared/errors'
import { weightsFile } from '../../../shared/training/checkpoint-names'
import type { EpochResult } from '../../../shared/training/state'
import { encodeSteps, type StepNumbers } from './steps'
import { manifestName, partName, runFileFormat, runFileVersion, type Manifest, type PackedRun } from './manifest'

export interface PackSource {
  readonly run: PackedRun
  readonly epochs: readonly EpochResult[]
  readonly steps: StepNumbers
  /** The run's, with its checkpoints. */
  readonly folder: string
  readonly appVersion: string
}

export interface PackChoice {
  /** The newest weights, or those of every moment that is kept. */
  readonly checkpoints: 'newest' | 'all'
  /** Also the optimizer's slots, without which training cannot go on as it was. */
  readonly optimizer: boolean
}

/** What fits into one file: a plain zip file ends there, and so does what can be read at once. */
export const mostFileBytes = 2 ** 31 - 2 ** 20

/** A run as the bytes of one file. Throws `invalid-input` where that would be too large. */
export function packRun(source: PackSource, choice: PackChoice, now = Date.now()): Uint8Array {
  const parts = new Map<string, Uint8Array>()
  parts.set('journal/steps.bin', journalSteps(source))
  parts.set('journal/epochs.jsonl', Buffer.from(source.epochs.map((epoch) => `${JSON.stringify(epoch)}\n`).join('')))
  const newest = newestFolder(source.run.newest)
  const kept = checkpointFolders(source.folder).filter((name) => choice.checkpoints === 'all' || name === newest)
  for (const name of kept) {
    for (const file of readdirSync(join(source.folder, name)).sort()) {
      const path = `${name}/${file}`
      // Without its slots it is no checkpoint to go on from, which its list of sums would claim.
      if (!partName.test(path) || (!choice.optimizer && file !== weightsFile && file !== 'checkpoint.json')) continue
      parts.set(path, readFileSync(join(source.folder, path)))
    }
  }
  refuseTooLarge(parts)
  return zipped(source, parts, kept.includes(newest ?? ''), now)
}

function zipped(
  source: PackSource,
  parts: ReadonlyMap<string, Uint8Array>,
  hasNewest: boolean,
  now: number,
): Uint8Array {
  const manifest: Manifest = {
    format: runFileFormat,
    version: runFileVersion,
    appVersion: source.appVersion,
    writtenAt: now,
    run: { ...source.run, newest: hasNewest ? source.run.newest : null },
    parts: [...parts].map(([path, bytes]) => ({
      path,
      bytes: bytes.length,
      sha256: createHash('sha256').update(bytes).digest('hex'),
    })),
  }
  const content: Zippable = { [manifestName]: [Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`), { level: 6 }] }
  // Tensors hardly get smaller by packing.
  for (const [path, bytes] of parts) content[path] = [bytes, { level: path.endsWith('.safetensors') ? 0 : 6 }]
  return zipSync(content)
}

/** As the trainer kept them; from the database for a run that was trained before it did. */
function journalSteps({ folder, steps }: PackSource): Uint8Array {
  const file = join(folder, 'journal', 'steps.bin')
  return existsSync(file) ? readFileSync(file) : encodeSteps(steps)
}

function newestFolder(newest: string | null): string | null {
  return newest === null ? null : (newest.split(/[/\\]/)[0] ?? null)
}

function checkpointFolders(folder: string): string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter((name) => partName.test(`${name}/${weightsFile}`) && existsSync(join(folder, name, weightsFile)))
    .sort()
}

function refuseTooLarge(parts: ReadonlyMap<string, Uint8Array>): void {
  const bytes = [...parts.values()].reduce((sum, { length }) => sum + length, 0)
  if (bytes <= mostFileBytes) return
  throw new AppError(
    'invalid-input',
    `The run is too large for one file: ${bytes} bytes, of ${mostFileBytes} at most.`,
    {
      fix: 'Take the newest weights alone, or leave out the optimizer’s state.',
      params: { bytes, most: mostFileBytes },
    },
  )
}
