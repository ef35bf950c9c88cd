import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { openStorage } from '../../electron/main/db/open'
import { createRunsRepository } from '../../electron/main/db/repositories/runs'
import { createEpochsRepository } from '../../electron/main/db/repositories/epochs'
import { parseNetwork } from '../../shared/network/parse'
import { runConfigSchema } from '../../shared/training/config'

/** Fills a home folder with finished runs of noisy falling losses. Gives their ids. */
export function generateRuns(home: string, runCount: number, stepCount: number): string[] {
  const storage = openStorage(home)
  const { db } = storage
  const runs = createRunsRepository(db)
  const epochs = createEpochsRepository(db)
  const document = parseNetwork(readFileSync(resolve('resources/networks/reference.json'), 'utf8'), 'reference.json')
  const epochCount = 10
  const tags = ['baseline', 'wide', 'augmented', 'final', 'broken']
  // The steps by SQLite alone: millions of calls from here would take minutes.
  const insertSteps = db.prepare<[number, number, number, string]>(`
    INSERT INTO steps (run, step, loss, learning_rate)
    WITH RECURSIVE counted(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted WHERE n < ?)
    SELECT number, n, (2.1 * exp(-n / (300.0 + ?)) + 0.2) * (0.6 + 0.8 * abs(random() % 1000) / 1000.0), ?
    FROM counted, runs WHERE id = ?`)
  const ids = Array.from({ length: runCount }, () => randomUUID())
  const now = Date.now()
  ids.forEach((id, index) => {
    const rate = [0.1, 0.01, 0.001, 0.0001][index % 4] ?? 0.1
    const config = runConfigSchema.parse({
      epochs: epochCount,
      learning_rate: rate,
      seed: index,
      batch_size: 32 << (index % 3),
      optimizer: { type: (['adam', 'sgd', 'nesterov'] as const)[index % 3] ?? 'adam' },
    })
    const createdAt = now - (runCount - index) * 3_600_000
    db.transaction(() => {
      runs.insert({
        id,
        name: `Run ${index + 1}`,
        document,
        config,
        state: { type: 'starting' },
        appVersion: 'bench',
        session: 'bench',
        folder: `runs/${id}`,
        createdAt,
        tags: tags.filter((_, at) => (index >> at) % 3 === 0),
        note: index % 10 === 0 ? 'Looked at twice; the second half is noisier than the first.' : '',
        pinned: false,
        archived: false,
        experiment: null,
        parent: null,
      })
      insertSteps.run(stepCount, index, rate, id)
      for (let epoch = 1; epoch <= epochCount; epoch++) {
        const loss = 2 * Math.exp(-epoch / 3) + 0.1 + (index % 17) / 100
        epochs.insert(
          id,
          {
            epoch,
            train: { loss, accuracy: 1 - loss / 4 },
            validation: { loss: loss * 1.1, accuracy: 1 - loss / 3.6 },
            learningRate: rate,
            trainSeconds: 20 + (index % 7),
            validationSeconds: 1,
            imagesPerSecond: 3000,
          },
          `epoch-${String(epoch).padStart(4, '0')}`,
        )
      }
      const score = { loss: 0.1 + (index % 17) / 100, accuracy: 0.99 - (index % 23) / 500 }
      runs.update(id, {
        state: { type: 'finished', test: score },
        engine: { id: 'tensorflow', version: 'TensorFlow 2.21.0', device: 'CPU', notice: null },
        progress: {
          epoch: epochCount,
          epochs: epochCount,
          step: stepCount,
          totalSteps: stepCount,
          imagesPerSecond: 3000,
          secondsLeft: 0,
        },
        checkpoint: null,
        startedAt: createdAt,
        endedAt: createdAt + 240_000,
        seenAt: createdAt + 240_000,
      })
    })()
  })
  storage.close()
  return ids
}
