import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { ArchiveWatch, PackJob } from '../archives'
import { AppError } from '../../../shared/errors'
import { manifestName, partName, runFileFormat, runFileVersion, type Manifest } from './manifest'
import { weightsFile } from '../../../shared/training/checkpoint-names'
import { writeZip, type ZipPart, type ZipSource } from '../zip/write-zip'
import { encodeSteps, stepBytes } from './steps'

/** Writes a run into a new file, part by part. Throws `cancelled` and what the disk throws; the file is then the caller's to remove. */
export async function packRun(job: PackJob, watch: ArchiveWatch, now = Date.now()): Promise<void> {
  try {
    const list = { name: manifestName, content: (parts: readonly ZipPart[]) => manifestOf(job, parts, now) }
    await writeZip(job.target, [...metrics(job), ...checkpoints(job)], list, watch)
  } catch (error) {
    if (watch.signal?.aborted) throw new AppError('cancelled', 'Saving the run was cancelled.')
    throw error
  }
}

function manifestOf({ run, appVersion }: PackJob, parts: readonly ZipPart[], now: number): string {
  const manifest: Manifest = {
    format: runFileFormat,
    version: runFileVersion,
    appVersion,
    writtenAt: now,
    run: { ...run, newest: parts.some(({ name }) => name === run.newest) ? run.newest : null },
    parts: parts.map(({ name, size, sha256 }) => ({ path: name, bytes: size, sha256 })),
  }
  return `${JSON.stringify(manifest, null, 2)}\n`
}

/** As the trainer kept them; from the database for a run that was trained before it did. */
function metrics({ folder, steps, epochs }: PackJob): ZipSource[] {
  const name = 'journal/steps.bin'
  const own = join(folder, name)
  const lines = Buffer.from(epochs.map((epoch) => `${JSON.stringify(epoch)}\n`).join(''))
  return [
    // A run that trains may be in the middle of a step.
    steps === null
      ? { name, from: own, size: Math.floor(sizeOf(own) / stepBytes) * stepBytes }
      : bytes(name, encodeSteps(steps)),
    bytes('journal/epochs.jsonl', lines),
  ]
}

function bytes(name: string, from: Uint8Array): ZipSource {
  return { name, from, size: from.length }
}

function checkpoints({ folder, run, checkpoints: which, optimizer }: PackJob): ZipSource[] {
  const newest = run.newest?.split('/')[0]
  return (
    checkpointFolders(folder)
      .filter((name) => which === 'all' || name === newest)
      .flatMap((name) =>
        readdirSync(join(folder, name))
          .sort()
          .map((file) => ({ name: `${name}/${file}`, file })),
      )
      // Without its slots it is no checkpoint to go on from, which its list of sums would claim.
      .filter(
        ({ name, file }) => partName.test(name) && (optimizer || file === weightsFile || file === 'checkpoint.json'),
      )
      .map(({ name }) => ({ name, from: join(folder, name), size: sizeOf(join(folder, name)) }))
  )
}

function checkpointFolders(folder: string): string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter((name) => partName.test(`${name}/${weightsFile}`) && existsSync(join(folder, name, weightsFile)))
    .sort()
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0
}
