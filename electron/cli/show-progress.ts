import type { ArchiveProgress } from '../../shared/ipc/archive-progress'
import { formatShare } from './format'
import type { Output } from './output'

/** How far an archive is, on the line that is written over. */
export function showProgress(output: Output, what: string, { done, total }: ArchiveProgress): void {
  output.status(`${what} ${total > 0 ? formatShare(done / total) : ''}`)
}
