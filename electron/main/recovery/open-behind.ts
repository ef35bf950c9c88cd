import { AppError, toWire } from '../../../shared/errors'
import type { RecoveryProgress } from '../../../shared/ipc/recovery-progress'
import { openStorageOrAside } from '../db/aside'
import { openStorage, TakesLong, type Storage } from '../db/open'
import type { PutRight, RecoverCommand, RecoverEvent } from '../db/recover/job'
import { startJob } from '../job-process'
import type { ProgramChild } from '../program-child'

export type RecoverChild = ProgramChild<RecoverCommand, RecoverEvent>

export interface OpenBehindOptions {
  readonly home: string
  readonly fork: () => RecoverChild
  readonly kill: (child: RecoverChild) => void
  readonly log: (message: string) => void
  /** Something that takes a while begins; gives what to tell of it and its end. */
  readonly show: () => RecoverySign
}

/** What the person sees meanwhile. */
export interface RecoverySign {
  tell(progress: RecoveryProgress): void
  close(): void
}

/**
 * Opens the database, at once where it is sound. Where it has to be checked, recovered or put in place, that is done in a process
 * of its own, so that the window can say so; without that process it is done here. Throws as `openStorageOrAside`.
 */
export async function openBehindSign(options: OpenBehindOptions): Promise<Storage> {
  const { home, log } = options
  try {
    return openStorage(home, { quickly: true })
  } catch (error) {
    if (!(error instanceof TakesLong)) return openStorageOrAside(home)
  }
  const done = await putRightElsewhere(options).catch((error: unknown) => {
    log(`recovery: ${toWire(error).message}`)
    return null
  })
  const storage = openStorageOrAside(home)
  return {
    ...storage,
    notice: storage.notice ?? done?.notice ?? null,
    restored: storage.restored ?? done?.restored ?? null,
  }
}

async function putRightElsewhere({ home, fork, kill, log, show }: OpenBehindOptions): Promise<PutRight> {
  const sign = show()
  const fail = (detail: string) => new AppError('archiver-crashed', `The recovery ended unexpectedly (${detail}).`)
  const program = { name: 'recovery', fork, kill, log, cancelled: () => fail('cancelled'), crashed: fail }
  try {
    return await startJob(program, { type: 'recover', home }, (progress) => sign.tell(progress)).done
  } finally {
    sign.close()
  }
}
