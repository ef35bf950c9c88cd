import type { MessagePortMain } from 'electron'
import { expect, onTestFinished, test, vi } from 'vitest'
import { catalogue } from '../../../shared/data/catalogue'
import { AppError } from '../../../shared/errors'
import type { TrainerEvent } from '../../../shared/training/messages'
import { openStorage } from '../db/open'
import { config, progressEvent, smallNetwork, started, temporaryHome } from '../testing/fixtures'
import { createRunRecorder } from './run-recorder'
import { createRunService } from './run-service'
import type { LaterCommand, StartCommand } from './trainer-link'

function setUp(problems: { data?: Error; launch?: Error } = {}) {
  const storage = openStorage(temporaryHome())
  onTestFinished(() => storage.close())
  const recorder = createRunRecorder(storage, { appVersion: '1', notify: () => undefined, log: () => undefined })
  const starts: StartCommand[] = []
  const sent: LaterCommand[] = []
  const ports: unknown[] = []
  const idle = { times: 0 }
  let say: (event: TrainerEvent) => void = () => undefined
  let end: () => void = () => undefined
  const service = createRunService({
    recorder,
    findDataset(id) {
      if (problems.data) throw problems.data
      return { info: catalogue[id], folder: `/data/${id}` }
    },
    launch(start, onEvent) {
      if (problems.launch) throw problems.launch
      starts.push(start)
      say = onEvent
      return {
        ended: new Promise((resolve) => (end = resolve)),
        send(command, given = []) {
          sent.push(command)
          ports.push(...given)
          if (command.type !== 'stop') return
          onEvent({ type: 'stopped' })
          end()
        },
      }
    },
    onIdle: () => void (idle.times += 1),
  })
  return { recorder, service, starts, sent, ports, idle, say: (event: TrainerEvent) => say(event), end: () => end() }
}

const request = { document: smallNetwork, config: config() }
const kernels = { layer: 'conv1', shape: [2, 1, 3, 3], values: new Float32Array(18) }

test('a run is started with its folders, and its events are recorded', async () => {
  const { recorder, service, starts, idle, say, end } = setUp()
  const { id } = service.start(request)
  expect(starts[0]).toMatchObject({ dataFolders: { mnist: '/data/mnist' }, runFolder: recorder.folder(id) })
  say(started)
  say(progressEvent(1, 5))
  expect(recorder.get(id).state.type).toBe('running')
  say({ type: 'stopped' })
  end()
  await vi.waitFor(() => expect(idle.times).toBe(1))
})

test('one run at a time', async () => {
  const { service } = setUp()
  service.start(request)
  expect(() => service.start(request)).toThrow('still training')
  await service.stopAll()
  expect(() => service.start(request)).not.toThrow()
})

test('a network that cannot run, or does not fit the data, makes no run', () => {
  const { recorder, service } = setUp()
  const layers = smallNetwork.layers.map((layer) =>
    layer.id === 'fc' ? { ...layer, params: { out_features: 9 } } : layer,
  )
  expect(() => service.start({ ...request, document: { ...smallNetwork, layers } })).toThrow('has 10 classes')
  expect(recorder.list()).toEqual([])
})

test('missing data makes no run', () => {
  const { recorder, service } = setUp({ data: new AppError('data-missing', 'no MNIST') })
  expect(() => service.start(request)).toThrow('no MNIST')
  expect(recorder.list()).toEqual([])
})

test('a trainer that cannot be started is a failed run', () => {
  const { recorder, service } = setUp({ launch: new Error('fork failed') })
  expect(() => service.start(request)).toThrow('fork failed')
  expect(recorder.list()[0]?.state.type).toBe('failed')
})

test('commands reach the trainer of that run only', () => {
  const { service, sent } = setUp()
  const { id } = service.start(request)
  service.send(id, 'pause')
  expect(sent).toEqual([{ type: 'pause' }])
  expect(() => service.send('another', 'pause')).toThrow('not training')
})

test('kernels are asked for by number, and the end of the trainer answers what is open', async () => {
  const { service, sent, say, end } = setUp()
  const { id } = service.start(request)
  say(started)
  const first = service.kernels(id, 'conv1')
  const second = service.kernels(id, 'conv1')
  expect(sent).toMatchObject([{ type: 'inspect' }, { type: 'inspect' }])
  const [, asked] = sent
  if (asked?.type !== 'inspect') throw new Error('not asked')
  say({ type: 'inspected', request: asked.request, kernels })
  expect(await second).toEqual(kernels)
  say({ type: 'stopped' })
  end()
  expect(await first).toBeNull()
  expect(await service.kernels(id, 'conv1')).toBeNull()
})

test('weights are asked for beside kernels, and each answer reaches its own question', async () => {
  const { service, sent, say } = setUp()
  const { id } = service.start(request)
  expect([service.isTraining(id), service.isTraining('another'), service.isAtWork()]).toEqual([true, false, true])
  expect(await service.weights(id)).toBeNull()
  say(started)
  const [live, its] = [service.weights(id), service.kernels(id, 'conv1')]
  const [first, second] = sent.map((command) => (command.type === 'inspect' ? command.request : -1))
  say({ type: 'inspected', request: second ?? -1, kernels })
  say({ type: 'weights', request: first ?? -1, step: 5, milliseconds: 2 })
  expect(await live).toEqual({ number: first, step: 5, milliseconds: 2 })
  expect(await its).toEqual(kernels)
})

test('a run that pauses is not at work', () => {
  const { service, say } = setUp()
  expect(service.isAtWork()).toBe(false)
  service.start(request)
  say(started)
  say({ type: 'paused' })
  expect(service.isAtWork()).toBe(false)
  say({ type: 'resumed' })
  expect(service.isAtWork()).toBe(true)
})

test('a way for weights is opened to the training of that run only', () => {
  const { service, sent, ports } = setUp()
  const { id } = service.start(request)
  const port = {} as MessagePortMain
  service.connect('another', port)
  service.connect(id, port)
  expect(sent).toEqual([{ type: 'connect' }])
  expect(ports).toEqual([port])
})
