import type { Indexed } from './index-folders'
import { AppError, toWire, type WireError } from '../../../../shared/errors'

/** What became of the runs of a damaged database. */
export interface RecoveryCounts {
  /** Taken from the damaged file itself. */
  readonly recovered: number
  /** Rebuilt from their folders. */
  readonly reindexed: number
  /** Names of those recovered whose metrics are there, but not the network or the settings. */
  readonly incomplete: readonly string[]
  /** Names, or ids where not even the name is known, of those that are gone. */
  readonly lost: readonly string[]
}

/** Says what was found and done. The window makes its own sentence, in its language, of `params`. */
export function recoveryNotice(file: string, aside: string, detail: string, counts: RecoveryCounts): WireError {
  const { recovered, reindexed, incomplete, lost } = counts
  const known = recovered + reindexed + lost.length
  const parts = [
    `The run database was damaged. ${known > 0 ? `${runs(recovered)} recovered from it` : 'No runs were found in it'}`,
    ...(incomplete.length > 0 ? [`without network or settings: ${incomplete.join(', ')}`] : []),
    ...(reindexed > 0 ? [`${runs(reindexed)} rebuilt from their folders`] : []),
    ...(lost.length > 0 ? [`${runs(lost.length)} lost: ${lost.join(', ')}`] : []),
    ...(known > 0 && lost.length === 0 ? ['none is lost'] : []),
  ]
  return toWire(
    new AppError('database-corrupt', `${parts.join('; ')}. The damaged file is kept as ${aside}.`, {
      fix: 'Nothing needs to be done. Make a backup, and see whether the disk is sound.',
      params: {
        file,
        aside,
        detail,
        recovered,
        reindexed,
        incomplete: incomplete.join(', '),
        lost: lost.length,
        names: lost.join(', '),
      },
    }),
  )
}

/** Runs were found in their folders that the database did not know; null where there were none. */
export function indexNotice(file: string, { added, unreadable }: Indexed): WireError | null {
  if (added.length === 0 && unreadable.length === 0) return null
  const lost = unreadable.length > 0 ? ` ${runs(unreadable.length)} lost: ${unreadable.join(', ')}.` : ''
  return toWire(
    new AppError(
      'database-corrupt',
      `The run database lacked runs. ${runs(added.length)} rebuilt from their folders.${lost}`,
      {
        fix: 'Nothing needs to be done. Make a backup, and see whether the disk is sound.',
        params: {
          file,
          aside: '',
          recovered: 0,
          reindexed: added.length,
          incomplete: '',
          lost: unreadable.length,
          names: unreadable.join(', '),
        },
      },
    ),
  )
}

function runs(count: number): string {
  return `${count} ${count === 1 ? 'run was' : 'runs were'}`
}
