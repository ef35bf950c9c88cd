import type { WireError } from '../../../../shared/errors'
import type { RestoredBackup } from '../../../../shared/ipc/backup-calls'
import type { RecoveryProgress } from '../../../../shared/ipc/recovery-progress'
import type { JobEvent } from '../../../../shared/jobs'
import { openStorage } from '../open'
import type { TellRecovery } from './recover'

/** To put right what keeps the database of a home folder from being opened at once. */
export interface RecoverCommand {
  readonly type: 'recover'
  readonly home: string
}

/** What was done: for the window to tell. */
export interface PutRight {
  readonly notice: WireError | null
  readonly restored: RestoredBackup | null
}

export type RecoverEvent = JobEvent<RecoveryProgress, PutRight>

/** Opens and closes it, which does all that was left to do. Throws as `openStorage`. */
export function putRight({ home }: RecoverCommand, onProgress: TellRecovery): PutRight {
  const { notice, restored, close } = openStorage(home, { onProgress })
  close()
  return { notice, restored }
}
