import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { AppError } from '../../shared/errors'
import type { RunSummary } from '../../shared/ipc/contract'
import type { Experiment } from '../../shared/ipc/experiment-calls'
import { mergeAside, openStorageOrAside } from '../main/db/aside'
import type { Storage } from '../main/db/open'
import { defaultHome } from '../main/db/home'
import { createExperimentsRepository, type ExperimentsRepository } from '../main/db/repositories/experiments'
import { createRunRecorder, type RunRecorder } from '../main/runs/run-recorder'
import type { Output } from './output'

export interface Records {
  readonly home: string
  readonly storage: Storage
  readonly recorder: RunRecorder
  readonly experiments: ExperimentsRepository
  close(): void
}

/**
 * Opens the runs that the window shows too. Where the database cannot be used, a file beside it is, which a later start
 * takes in; that is said on stderr.
 */
export function openRecords(output: Output): Records {
  const home = defaultHome()
  const storage = openStorageOrAside(home)
  const tell = (message: string) => output.notice(message)
  if (storage.notice) tell(`${storage.notice.message} ${storage.notice.fix}`.trim())
  mergeAside(storage, () => undefined)
  const recorder = createRunRecorder(storage, { appVersion: appVersion(), notify: () => undefined, log: tell })
  return {
    home,
    storage,
    recorder,
    experiments: createExperimentsRepository(storage.db),
    close() {
      if (!recorder.close())
        tell('The run is recorded in a file beside the database, and is taken in at a later start.')
      storage.close()
    },
  }
}

/** `last`, a whole id, or the beginning of just one. Throws `not-found`, or `invalid-input` where several begin like it. */
export function findRun(recorder: RunRecorder, name: string): RunSummary {
  const runs = recorder.list()
  if (name === 'last') {
    const [newest] = runs
    if (newest) return newest
    throw new AppError('not-found', 'There are no runs yet.', { fix: 'Begin one with convscope train.' })
  }
  const matching = runs.filter(({ id }) => id === name || (name !== '' && id.startsWith(name.toLowerCase())))
  const [only, another] = matching
  if (!only) throw new AppError('not-found', `There is no run "${name}".`, { fix: 'convscope runs lists them.' })
  if (another) {
    throw new AppError('invalid-input', `${matching.length} runs begin with "${name}".`, {
      fix: `Give more of the id: ${matching.map(({ id }) => id.slice(0, 13)).join(', ')}.`,
    })
  }
  return only
}

/** As `findRun`, of experiments. */
export function findExperiment(list: readonly Experiment[], name: string): Experiment {
  const matching = name === 'last' ? list.slice(0, 1) : list.filter(({ id }) => id.startsWith(name.toLowerCase()))
  const [only, another] = matching
  if (!only) {
    throw new AppError('not-found', `There is no experiment "${name}".`, { fix: 'convscope experiments lists them.' })
  }
  if (another) {
    throw new AppError('invalid-input', `${matching.length} experiments begin with "${name}".`, {
      fix: 'Give more of the id.',
    })
  }
  return only
}

/** The newest weights of a run. Throws `not-found` where it has none yet. */
export function requireCheckpoint(recorder: RunRecorder, { id, state }: RunSummary): string {
  const file = recorder.checkpoint(id)
  if (file !== null) return file
  throw new AppError('not-found', `The run ${id.slice(0, 8)} (${state.type}) has no weights.`, {
    fix: 'Weights are saved at the end of each epoch and when a run is stopped.',
  })
}

const packageSchema = z.object({ name: z.string(), version: z.string() })

/** Of the package.json that is nearest above this file, bundled or not. */
export function appVersion(): string {
  for (let folder = import.meta.dirname; folder !== dirname(folder); folder = dirname(folder)) {
    const found = packageAt(join(folder, 'package.json'))
    if (found?.name === 'convscope') return found.version
  }
  return 'unknown'
}

function packageAt(file: string): z.infer<typeof packageSchema> | null {
  try {
    return packageSchema.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch {
    return null
  }
}
