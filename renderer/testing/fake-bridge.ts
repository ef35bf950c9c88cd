import type { LabelledImages } from '../../shared/data/dataset'
import { AppError, toWire } from '../../shared/errors'
import type { AppEvents, Bridge, CallInput, CallName, CallOutput, EventName } from '../../shared/ipc/contract'
import { mnistEntry, referenceNetwork, sampleKernels, sampleMoments, sampleRun } from './samples'

type Answers = { [Name in CallName]: (input: CallInput<Name>) => CallOutput<Name> | Promise<CallOutput<Name>> }
type Listener = (payload: never) => void

export interface FakeBridge extends Bridge {
  readonly answers: Answers
  /** Calls so far, in order. */
  readonly log: { readonly name: CallName; readonly input: unknown }[]
  emit<Name extends EventName>(name: Name, payload: AppEvents[Name]): void
}

/** A main process that answers at once with little; `answers` can be replaced. Copies what crosses, as Electron does. */
export function createFakeBridge(changes: Partial<Answers> = {}): FakeBridge {
  const listeners = new Map<EventName, Set<Listener>>()
  const log: FakeBridge['log'] = []
  const answers: Answers = { ...defaults(), ...changes }
  return {
    answers,
    log,
    async call(name, input) {
      log.push({ name, input: structuredClone(input) })
      try {
        return { ok: true, value: structuredClone(await answers[name](input)) }
      } catch (error) {
        return { ok: false, error: toWire(error) }
      }
    },
    on(name, listener) {
      const known = listeners.get(name) ?? new Set()
      listeners.set(name, known.add(listener))
      return () => void known.delete(listener)
    },
    pathOf: (file) => ('path' in file && typeof file.path === 'string' ? file.path : ''),
    emit(name, payload) {
      for (const listener of listeners.get(name) ?? []) listener(structuredClone(payload) as never)
    },
  }
}

const idle: CallOutput<'queue.get'> = { order: [], held: null }

function defaults(): Answers {
  let settings: CallOutput<'settings.get'> = { theme: 'system', locale: 'en', notifications: true }
  return {
    'app.info': () => ({
      version: '0.1.0',
      electron: '33.2.1',
      platform: 'linux',
      systemLocale: 'en-US',
      storageNotice: null,
      restored: null,
    }),
    'settings.get': () => settings,
    'settings.set': (part) => (settings = { ...settings, ...part }),
    'networks.reference': referenceNetwork,
    'documents.templates': () => [{ id: 'reference', document: referenceNetwork() }],
    'documents.open': ({ path }) => (path === null ? null : { path, document: referenceNetwork() }),
    'documents.readImport': ({ path }) =>
      path === null ? null : { type: 'read', name: path, bytes: new Uint8Array() },
    'documents.save': ({ path }) => ({ type: 'saved', path: path ?? '/nets/chosen.convscope' }),
    'documents.recent': () => [],
    'documents.clearRecent': () => undefined,
    'documents.ask': () => 'cancel',
    'documents.autosave': () => undefined,
    'documents.clearAutosave': () => undefined,
    'documents.recover': () => null,
    'documents.show': () => undefined,
    'documents.pending': () => null,
    'documents.leave': () => undefined,
    'documents.export': ({ name }) => `/exports/${name}`,
    'datasets.list': () => [mnistEntry],
    'datasets.samples': ({ offset, count }) => patterns(offset, count),
    'datasets.labels': ({ split }) => Uint8Array.from({ length: mnistEntry.info.counts[split] }, (_, i) => i % 10),
    'weights.read': () => null,
    'exchange.pack': () => '/exports/run.convscope',
    'exchange.open': () => null,
    'exchange.cancel': () => undefined,
    'exchange.isRun': () => false,
    'runs.list': () => [],
    'runs.get': ({ id }) => ({ ...sampleRun({ id }), document: referenceNetwork(), epochs: [] }),
    'runs.steps': () => ({
      step: new Int32Array(),
      loss: new Float32Array(),
      learningRate: new Float32Array(),
    }),
    'runs.kernels': () => sampleKernels(1),
    'runs.histograms': () => [],
    'rates.find': () => ({ points: [], suggestion: null, diverged: false }),
    'rates.cancel': () => undefined,
    'runs.start': ({ config, name }) =>
      sampleRun({ config: config as CallOutput<'runs.start'>['config'], ...(name ? { name } : {}) }),
    'runs.pause': () => undefined,
    'runs.resume': () => undefined,
    'runs.stop': () => undefined,
    'runs.continue': ({ id }) => sampleRun({ id, state: { type: 'starting' } }),
    'runs.fork': () => sampleRun({ state: { type: 'starting' } }),
    'runs.rename': ({ id, name }) => sampleRun({ id, name }),
    'runs.tag': () => undefined,
    'runs.setNote': () => undefined,
    'runs.pin': () => undefined,
    'runs.archive': () => undefined,
    'runs.delete': () => undefined,
    'runs.restore': () => undefined,
    'runs.deleted': () => [],
    'runs.purge': () => undefined,
    'runs.series': () => ({ lines: [], x: new Float64Array(), y: new Float32Array(), domain: null }),
    'experiments.list': () => [],
    'experiments.start': () => {
      throw new AppError('not-found', 'This test begins no experiment.')
    },
    'experiments.results': () => [],
    'experiments.rename': () => {
      throw new AppError('not-found', 'This test knows no experiment.')
    },
    'experiments.stop': () => undefined,
    'experiments.retry': () => {
      throw new AppError('not-found', 'This test knows no experiment.')
    },
    'experiments.delete': () => undefined,
    'queue.get': () => idle,
    'queue.add': ({ config, name }) =>
      sampleRun({
        config: config as CallOutput<'queue.add'>['config'],
        state: { type: 'queued' },
        ...(name ? { name } : {}),
      }),
    'queue.move': () => idle,
    'queue.configure': ({ id, config }) =>
      sampleRun({ id, config: config as CallOutput<'queue.add'>['config'], state: { type: 'queued' } }),
    'queue.remove': () => idle,
    'queue.pause': () => idle,
    'queue.resume': () => idle,
    'inspect.moments': () => sampleMoments(2),
    'backup.overview': () => ({ runs: 3, databaseBytes: 2_400_000, folderBytes: 180_000_000 }),
    'backup.create': () => ({ path: '/backups/runs.zip', runs: 3, bytes: 150_000_000 }),
    'backup.read': () => ({
      path: '/backups/runs.zip',
      createdAt: Date.UTC(2026, 0, 31, 12),
      appVersion: '0.1.0',
      runs: 3,
      folders: true,
      runsNow: 5,
    }),
    'backup.restore': () => undefined,
    'backup.cancel': () => undefined,
    'exports.start': () => null,
    'exports.cancel': () => undefined,
    'exports.list': () => [],
    'exports.show': () => true,
    'inspect.ask': () => {
      throw new AppError('not-found', 'This test answers no question about the inside.')
    },
    'inspect.cancel': () => undefined,
    'clipboard.read': () => '',
    'clipboard.write': () => undefined,
  }
}

/** Pictures that need no file: a bright square whose place is the label. */
function patterns(offset: number, count: number): LabelledImages {
  const images = new Uint8Array(count * 784)
  const labels = Uint8Array.from({ length: count }, (_, i) => (offset + i) % 10)
  labels.forEach((label, i) => {
    for (let y = 0; y < 12; y++) images.fill(220, i * 784 + (y + label) * 28 + 8, i * 784 + (y + label) * 28 + 20)
  })
  return { count, shape: [28, 28, 1], images, labels }
}
