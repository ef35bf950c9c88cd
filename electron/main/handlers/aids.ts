import type { aidsCalls } from '../../../shared/ipc/aids-calls'
import type { Handlers } from '../ipc/serve'
import type { HistogramsRepository } from '../db/repositories/histograms'
import type { RateFinder } from '../runs/rate-finder'

export function aidsHandlers(
  histograms: Pick<HistogramsRepository, 'list'>,
  finder: RateFinder,
): Pick<Handlers, keyof typeof aidsCalls> {
  return {
    'runs.histograms': ({ id, after }) => histograms.list(id, after),
    'rates.find': (request) => finder.find(request),
    'rates.cancel': () => {
      finder.cancel()
      return undefined
    },
  }
}
