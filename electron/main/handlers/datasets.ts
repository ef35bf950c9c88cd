import { datasetIds, type Dataset, type DatasetId, type DatasetInfo } from '../../../shared/data/dataset'
import { toWire, type WireError } from '../../../shared/errors'
import type { Handlers } from '../ipc/serve'

export interface DatasetsSource {
  readonly infos: Readonly<Record<DatasetId, DatasetInfo>>
  /** Throws `data-missing` and `data-corrupt`. */
  load(id: DatasetId): Dataset
}

/** Keeps what it has read; what was missing or damaged is looked for again at each call. */
export function datasetsHandlers(
  source: DatasetsSource,
): Pick<Handlers, Extract<keyof Handlers, `datasets.${string}`>> {
  const loaded = new Map<DatasetId, Dataset>()

  function load(id: DatasetId): Dataset {
    const dataset = loaded.get(id) ?? source.load(id)
    loaded.set(id, dataset)
    return dataset
  }

  function problemOf(id: DatasetId): WireError | null {
    try {
      load(id)
      return null
    } catch (error) {
      return toWire(error)
    }
  }

  return {
    'datasets.list': () => datasetIds.map((id) => ({ info: source.infos[id], problem: problemOf(id) })),
    'datasets.samples'({ id, split, offset, count }) {
      const { shape, images, labels, count: total } = load(id)[split]
      const start = Math.min(offset, total)
      const end = Math.min(offset + count, total)
      const size = shape[0] * shape[1] * shape[2]
      return {
        count: end - start,
        shape,
        // Copies: a view would carry the whole data set across to the window.
        images: images.slice(start * size, end * size),
        labels: labels.slice(start, end),
      }
    },
    'datasets.labels': ({ id, split }) => load(id)[split].labels.slice(),
  }
}
