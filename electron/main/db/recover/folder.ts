import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { networkDocumentSchema } from '../../../../shared/network/document'
import { metaFile } from '../../../../shared/training/checkpoint-names'
import { runConfigSchema } from '../../../../shared/training/config'
import { readDeletion } from '../../../run-folder/deletion-mark'
import { readJournal, type Journal } from '../../../run-folder/journal'
import { listMoments } from '../../../run-folder/moments'
import { newestWeights } from '../../../run-folder/newest-weights'
import { readRunFile } from '../../../run-folder/run-file'
import { engineSchema, type RunRow } from './run-row'

/** What a run's own folder tells of it. */
export interface RunFolder {
  /** Columns of its row; null where neither `run.json` nor any checkpoint says which network it was. */
  readonly row: RunRow | null
  readonly journal: Journal
  /** Anything that a training wrote is in it. */
  readonly used: boolean
}

/** The same in checkpoints of every version. */
const checkpointSchema = z.object({
  config: runConfigSchema,
  engine: engineSchema,
  document: networkDocumentSchema,
})

/** Reads a run's folder, also one of an older version, or a damaged one: what cannot be read is left out. */
export function readRunFolder(folder: string): RunFolder {
  const checkpoints = listMoments(folder).map(({ name }) => name)
  const journal = readJournal(folder)
  const used = checkpoints.length > 0 || journal.steps.length > 0
  const meta = newestMeta(folder, checkpoints)
  const run = orNull(() => readRunFile(folder))
  const document = run?.document ?? meta?.document
  const config = run?.config ?? meta?.config
  if (!document || !config) return { row: null, journal, used }
  const times = [...checkpoints, 'journal/steps.bin', 'run.json'].flatMap((name) => {
    const time = statSync(join(folder, name), { throwIfNoEntry: false })?.mtimeMs
    return time === undefined ? [] : [Math.round(time)]
  })
  const [first = Date.now(), last = first] = [Math.min(...times), Math.max(...times)]
  const created = run?.createdAt ?? first
  const row: RunRow = {
    document: JSON.stringify(document),
    config: JSON.stringify(config),
    name: run?.name ?? document.name,
    engine: meta ? JSON.stringify(meta.engine) : null,
    checkpoint: newestWeights(folder),
    created_at: created,
    started_at: used ? created : null,
    ended_at: last,
    seen_at: last,
    deleted_at: readDeletion(folder),
    ...(run?.parent ? { parent: JSON.stringify(run.parent) } : {}),
    ...(journal.test ? { state_detail: JSON.stringify({ type: 'finished', test: journal.test }) } : {}),
  }
  return { row, journal, used }
}

/** `checkpoints`: the newest first. */
function newestMeta(folder: string, checkpoints: readonly string[]): z.infer<typeof checkpointSchema> | null {
  for (const name of checkpoints) {
    const meta = orNull(() => checkpointSchema.parse(JSON.parse(readFileSync(join(folder, name, metaFile), 'utf8'))))
    if (meta) return meta
  }
  return null
}

function orNull<Value>(read: () => Value): Value | null {
  try {
    return read()
  } catch {
    return null
  }
}
