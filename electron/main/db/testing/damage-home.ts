import { networkDocumentSchema, type NetworkDocument } from '../../../../shared/network/document'
import { config, epochResult, smallNetwork, started } from '../../testing/fixtures'
import { createRunRecorder } from '../../runs/run-recorder'
import { openStorage } from '../open'
import { createSettingsRepository } from '../repositories/settings'

/** A document that does not fit into one page of the database. */
function longNetwork(layers: number): NetworkDocument {
  const chain = Array.from({ length: layers }, (_, index) => ({
    id: `relu${index + 1}`,
    kind: 'relu',
    inputs: [index === 0 ? 'input' : `relu${index}`],
    label: `The ${index + 1}th of many layers that do nothing`,
  }))
  return networkDocumentSchema.parse({
    ...smallNetwork,
    name: 'Long',
    layers: [smallNetwork.layers[0], ...chain],
  })
}

/**
 * Fills a home with finished runs as the app records them, among them some with networks larger than a page, and one that was
 * deleted, so that the file has free pages. Gives the runs' ids in order.
 */
export function fillHome(home: string, stepsOfRuns: readonly number[]): string[] {
  const storage = openStorage(home)
  const recorder = createRunRecorder(storage, { appVersion: '1.0.0', notify: () => undefined, log: () => undefined })
  const ids = stepsOfRuns.map((count, index) => {
    const document = index % 2 === 0 ? smallNetwork : longNetwork(60 + 40 * index)
    const { id } = recorder.create({ document, config: config({ seed: index + 1 }), name: `Run ${index + 1}` })
    recorder.record(id, started)
    for (let epoch = 1; epoch <= 3; epoch++) {
      const first = Math.floor(((epoch - 1) * count) / 3) + 1
      const last = Math.floor((epoch * count) / 3)
      const steps = Array.from({ length: last - first + 1 }, (_, at) => ({
        step: first + at,
        loss: 2.3 / (first + at) + index,
        learningRate: 0.001,
      }))
      const progress = { epoch, epochs: 3, step: last, totalSteps: count, imagesPerSecond: 100, secondsLeft: 1 }
      recorder.record(id, { type: 'progress', progress, steps })
      const checkpoint = `epoch-000${epoch}/weights.safetensors`
      recorder.record(id, { type: 'epoch', result: epochResult(epoch), checkpoint })
    }
    const checkpoint = 'epoch-0003/weights.safetensors'
    recorder.record(id, { type: 'finished', test: { loss: 0.5, accuracy: 0.9 }, checkpoint })
    return id
  })
  const deleted = ids[1] ?? ''
  recorder.delete(deleted)
  createSettingsRepository(storage.db).set('settings', { theme: 'dark', locale: 'system' })
  storage.db
    .prepare("INSERT INTO experiments (id, name, plan, created_at) VALUES ('sweep', 'Sweep', '{}', 1700000000000)")
    .run()
  recorder.close()
  storage.close()
  return ids.filter((id) => id !== deleted)
}
