import type { Database } from 'better-sqlite3'
import { z } from 'zod'
import type { EpochDistributions, WeightDistribution } from '../../../../shared/training/histograms'

const distributionSchema = z.strictObject({
  low: z.number(),
  high: z.number(),
  mean: z.number(),
  deviation: z.number(),
  counts: z.array(z.number()),
  notFinite: z.number(),
})
const binsSchema = z.strictObject({
  /** The weight's place in the network, which keeps the order. */
  place: z.int(),
  values: distributionSchema,
  gradient: distributionSchema.nullable(),
})

export interface HistogramsRepository {
  /** In place of any of the same epoch. */
  insert(run: string, distributions: EpochDistributions): void
  /** Of the epochs after `after`, in order; empty for a run that records none. */
  list(run: string, after: number): EpochDistributions[]
  /** Removes those of the epochs after `epoch`, which a run that goes on from there makes again. */
  deleteAfter(run: string, epoch: number): void
}

interface Row {
  readonly epoch: number
  readonly weight: string
  readonly bins: string
}

export function createHistogramsRepository(db: Database): HistogramsRepository {
  const insert = db.prepare<[{ run: string; epoch: number; weight: string; bins: string }]>(`
    INSERT OR REPLACE INTO histograms (run, epoch, weight, bins)
    SELECT number, @epoch, @weight, @bins FROM runs WHERE id = @run`)
  const list = db.prepare<[string, number], Row>(`
    SELECT epoch, weight, bins FROM histograms
    WHERE run = (SELECT number FROM runs WHERE id = ?) AND epoch > ? ORDER BY epoch`)
  const deleteAfter = db.prepare<[string, number]>(
    'DELETE FROM histograms WHERE run = (SELECT number FROM runs WHERE id = ?) AND epoch > ?',
  )
  return {
    insert(run, { epoch, weights }) {
      weights.forEach(({ weight, values, gradient }, place) => {
        insert.run({ run, epoch, weight, bins: JSON.stringify({ place, values, gradient }) })
      })
    },
    list(run, after) {
      const epochs = new Map<number, (WeightDistribution & { readonly place: number })[]>()
      for (const { epoch, weight, bins } of list.all(run, after)) {
        const read = binsSchema.safeParse(JSON.parse(bins))
        if (!read.success) continue
        const known = epochs.get(epoch) ?? []
        epochs.set(epoch, known)
        known.push({ weight, ...read.data })
      }
      return [...epochs].map(([epoch, weights]) => ({
        epoch,
        weights: weights
          .sort((a, b) => a.place - b.place)
          .map(({ weight, values, gradient }) => ({ weight, values, gradient })),
      }))
    },
    deleteAfter: (run, epoch) => void deleteAfter.run(run, epoch),
  }
}
