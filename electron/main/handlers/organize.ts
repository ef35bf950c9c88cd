import type { Handlers } from '../ipc/serve'
import type { RunCurves } from '../runs/run-curves'
import type { RunOrganizer } from '../runs/run-organizer'

type OrganizeCalls =
  | 'runs.tag'
  | 'runs.setNote'
  | 'runs.pin'
  | 'runs.archive'
  | 'runs.delete'
  | 'runs.restore'
  | 'runs.deleted'
  | 'runs.purge'
  | 'runs.series'

export interface OrganizeHandlersOptions {
  readonly organizer: RunOrganizer
  readonly curves: RunCurves
  readonly onDeleted: (id: string) => void
  /** Runs went or came back, waiting ones among them. */
  readonly onChanged: () => void
}

export function organizeHandlers(options: OrganizeHandlersOptions): Pick<Handlers, OrganizeCalls> {
  const { organizer, curves, onDeleted, onChanged } = options
  return {
    'runs.tag': ({ ids, add, remove }) => void organizer.tag(ids, add, remove),
    'runs.setNote': ({ id, note }) => void organizer.setNote(id, note),
    'runs.pin': ({ ids, pinned }) => void organizer.pin(ids, pinned),
    'runs.archive': ({ ids, archived }) => void organizer.archive(ids, archived),
    'runs.delete'({ ids }) {
      organizer.delete(ids)
      ids.forEach(onDeleted)
      onChanged()
      return undefined
    },
    'runs.restore'({ ids }) {
      organizer.restore(ids)
      onChanged()
      return undefined
    },
    'runs.deleted': () => organizer.deleted(),
    async 'runs.purge'({ ids }) {
      await organizer.purge(ids)
      return undefined
    },
    'runs.series': (query) => curves.series(query),
  }
}
