import { randomUUID } from 'node:crypto'
import { existsSync, readdirSync, rmSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { Archives, ArchiveWatch, OpenedFile, PackJob } from '../../exchange/archives'
import { AppError, toWire } from '../../../shared/errors'
import type { PackedRun } from '../../exchange/run-file/manifest'
import type { RunSummary } from '../../../shared/ipc/contract'
import type { OpenedRunFile } from '../../../shared/ipc/exchange-calls'
import { isActive } from '../../../shared/training/state'
import { replaceFile } from '../../exchange/replace-file'
import { installRun } from '../../exchange/run-file/install'
import { readMetrics } from '../../exchange/run-file/metrics'
import { runFolderName } from '../db/home'
import type { Storage } from '../db/open'
import { isRunning } from '../db/sessions'
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

export type PackChoice = Pick<PackJob, 'checkpoints' | 'optimizer'>

export interface RunFiles {
  /**
   * Writes a run as one file: all of it, or what was there stays. Throws `not-found` where it has nothing to take, `cancelled`,
   * and what the disk throws.
   */
  pack(id: string, choice: PackChoice, target: string, watch: ArchiveWatch): Promise<void>
  /**
   * Takes in a run file: all of it or nothing. A run that is here already is told, unless a copy is wanted. Throws
   * `file-corrupt`, `unsupported-version`, `cancelled` and what the disk throws.
   */
  open(path: string, copy: boolean, watch: ArchiveWatch): Promise<OpenedRunFile>
}

export interface RunFilesOptions {
  readonly storage: Storage
  readonly recorder: Pick<RunRecorder, 'list' | 'get' | 'steps' | 'folder' | 'checkpoint'>
  /** Here, or in a process of its own. */
  readonly archives: Pick<Archives, 'pack' | 'open'>
  readonly appVersion: string
  readonly words: () => RunFileWords
}

type Opened = Extract<OpenedFile, { type: 'opened' }>

export function createRunFiles({ storage, recorder, archives, appVersion, words }: RunFilesOptions): RunFiles {
  const runs = join(storage.home, 'runs')

  function adopt(opened: Opened, unpacked: string, file: string): RunSummary {
    const { run } = opened
    const isHere = recorder.list().some(({ id }) => id === run.id)
    // A run that was deleted a while ago is still in the database, to be brought back; so this is another one.
    const id = isHere || existsSync(recorder.folder(run.id)) ? randomUUID() : run.id
    const { tag, origin, copy } = words()
    const name = (isHere ? copy.replace('{name}', run.name) : run.name).slice(0, 200)
    const date = new Date(opened.writtenAt).toISOString().slice(0, 10)
    const from = origin.replace('{file}', file).replace('{date}', date).replace('{version}', opened.appVersion)
    const tags = [...new Set([...run.tags, tag])]
    const note = run.note === '' ? from : `${run.note}\n\n${from}`
    const metrics = readMetrics(unpacked)
    const folder = join(storage.home, runFolderName(id))
    installRun({ run, unpacked }, { id, name, folder }, () =>
      adoptRun(storage, { ...opened, ...metrics }, { id, name, tags, note }),
    )
    return recorder.get(id)
  }

  return {
    async pack(id, choice, target, watch) {
      const run = recorder.get(id)
      const checkpoint = recorder.checkpoint(id)
      if (run.epochs.length === 0 && checkpoint === null) {
        throw new AppError('not-found', `The run "${run.name}" has nothing to take along yet.`, {
          fix: 'Weights and metrics are kept at the end of each epoch.',
          params: { name: run.name },
        })
      }
      const folder = recorder.folder(id)
      const steps = existsSync(join(folder, 'journal', 'steps.bin')) ? null : recorder.steps(id)
      const content = { run: packed(run, checkpoint, folder), epochs: run.epochs, steps, folder, appVersion }
      try {
        await replaceFile(target, (unfinished) => archives.pack({ target: unfinished, ...content, ...choice }, watch))
      } catch (error) {
        throw explained(error, target)
      }
    },
    async open(path, copy, watch) {
      removeLeftovers(runs)
      const unpacked = join(runs, `${leftover}${process.pid}-${randomUUID()}`)
      try {
        const taken = copy ? [] : recorder.list().map(({ id }) => id)
        const opened = await archives.open({ file: path, into: unpacked, taken }, watch)
        if (opened.type === 'exists') return { type: 'exists', run: recorder.get(opened.id), path }
        return { type: 'opened', run: adopt(opened, unpacked, basename(path)) }
      } finally {
        await rm(unpacked, { recursive: true, force: true })
      }
    },
  }
}

const leftover = '.import-'

/** Of programs that died while they unpacked. */
function removeLeftovers(runs: string): void {
  for (const name of existsSync(runs) ? readdirSync(runs) : []) {
    if (!name.startsWith(leftover)) continue
    const pid = Number(name.slice(leftover.length).split('-')[0])
    if (!isRunning(pid, join(runs, name))) rmSync(join(runs, name), { recursive: true, force: true })
  }
}

function explained(error: unknown, target: string): AppError {
  const { kind, message, fix, params } = toWire(error)
  if (kind === 'cancelled') return new AppError(kind, 'Saving the run was cancelled; nothing was written.')
  return new AppError(kind, `${target} could not be written: ${message}`, {
    fix: fix || 'Choose another folder.',
    params: { ...params, path: target, detail: message },
    cause: error,
  })
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
