import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { basename, join } from 'node:path'
import { AppError, toWire } from '../../../shared/errors'
import type { RunSummary } from '../../../shared/ipc/contract'
import type { OpenedRunFile } from '../../../shared/ipc/exchange-calls'
import { isActive } from '../../../shared/training/state'
import { installRun } from '../../exchange/run-file/install'
import { openRunFile, type OpenedRun } from '../../exchange/run-file/open'
import { packRun, type PackChoice } from '../../exchange/run-file/pack'
import type { PackedRun } from '../../exchange/run-file/manifest'
import { runFolderName } from '../db/home'
import type { Storage } from '../db/open'
import { adoptRun } from './adopt-run'
import type { RunRecorder } from './run-recorder'

/** Words in the person's language that go into the database. */
export interface RunFileWords {
  readonly tag: string
  /** Where a run came from; `{file}`, `{date}` and `{version}` are filled in. */
  readonly origin: string
  /** `{name}` of a run that is here already. */
  readonly copy: string
}

export interface RunFiles {
  /** A run as the bytes of one file. Throws `not-found`, and `invalid-input` where it is too large or has nothing to take. */
  pack(id: string, choice: PackChoice): Uint8Array
  /**
   * Takes in a run file: all of it or nothing. A run that is here already is told, unless a copy is wanted. Throws
   * `data-corrupt`, `unsupported-version` and what the disk throws.
   */
  open(path: string, copy: boolean): OpenedRunFile
}

export interface RunFilesOptions {
  readonly storage: Storage
  readonly recorder: Pick<RunRecorder, 'get' | 'steps' | 'folder' | 'checkpoint'>
  readonly appVersion: string
  readonly words: () => RunFileWords
}

export function createRunFiles({ storage, recorder, appVersion, words }: RunFilesOptions): RunFiles {
  function isHere(id: string): RunSummary | null {
    try {
      return recorder.get(id)
    } catch (error) {
      if (toWire(error).kind !== 'not-found') throw error
      return null
    }
  }

  function adopt(opened: OpenedRun, file: string, asCopy: boolean): RunSummary {
    const { run } = opened
    // A run that was deleted a while ago is still in the database, to be brought back; so this is another one.
    const id = asCopy || existsSync(recorder.folder(run.id)) ? randomUUID() : run.id
    const { tag, origin, copy } = words()
    const name = (asCopy ? copy.replace('{name}', run.name) : run.name).slice(0, 200)
    const date = new Date(opened.writtenAt).toISOString().slice(0, 10)
    const from = origin.replace('{file}', file).replace('{date}', date).replace('{version}', opened.appVersion)
    const tags = [...new Set([...run.tags, tag])]
    const note = run.note === '' ? from : `${run.note}\n\n${from}`
    const folder = join(storage.home, runFolderName(id))
    installRun(opened, { id, name, folder }, () => adoptRun(storage, opened, { id, name, tags, note }))
    return recorder.get(id)
  }

  return {
    pack(id, choice) {
      const run = recorder.get(id)
      if (run.epochs.length === 0 && recorder.checkpoint(id) === null) {
        throw new AppError('not-found', `The run "${run.name}" has nothing to take along yet.`, {
          fix: 'Weights and metrics are kept at the end of each epoch.',
          params: { name: run.name },
        })
      }
      const folder = recorder.folder(id)
      const { epochs } = run
      return packRun(
        { run: packed(run, recorder.checkpoint(id), folder), epochs, steps: recorder.steps(id), folder, appVersion },
        choice,
      )
    },
    open(path, copy) {
      const opened = openRunFile(path)
      const here = isHere(opened.run.id)
      if (here && !copy) return { type: 'exists', run: here, path }
      return { type: 'opened', run: adopt(opened, basename(path), here !== null) }
    },
  }
}

function packed(run: ReturnType<RunRecorder['get']>, checkpoint: string | null, folder: string): PackedRun {
  const { id, name, document, config, state, engine, createdAt, endedAt, tags, note } = run
  return {
    ...{ id, name, document, config, engine, createdAt, endedAt, note },
    tags: [...tags],
    state: isActive(state) || state.type === 'queued' ? { type: 'stopped' } : endState(state),
    // With `/` on every system.
    newest: checkpoint === null ? null : checkpoint.slice(folder.length + 1).replaceAll('\\', '/'),
  }
}

function endState(state: RunSummary['state']): PackedRun['state'] {
  switch (state.type) {
    case 'finished':
      return { type: 'finished', test: state.test }
    case 'failed':
      return { type: 'failed', error: { ...state.error, params: { ...state.error.params } } }
    default:
      return { type: 'stopped' }
  }
}
