import type { MessagePortMain } from 'electron'
import { mkdirSync, writeFileSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { AppError } from '../../../shared/errors'
import { writeSafetensors } from '../../../shared/formats/safetensors'
import type { InspectAnswer } from '../../../shared/inspect/answers'
import type { LookCommand } from '../../../shared/inspect/messages'
import type { InspectQuery } from '../../../shared/inspect/queries'
import type { Moment } from '../../../shared/inspect/source'
import { requireSound } from '../../../shared/network/analyze'
import { elementCount } from '../../../shared/network/shape'
import type { Kernels } from '../../../shared/training/messages'
import { openStorage } from '../db/open'
import { createRunRecorder } from '../runs/run-recorder'
import type { HandedOver } from '../runs/run-service'
import { config, smallNetwork, temporaryHome } from './fixtures'
import { createInspectService } from '../inspect/inspect-service'
import type { AskCommand } from '../inspect/inspector-process'

/** A question that takes long. */
export const query: InspectQuery = {
  type: 'topPatches',
  layer: 'conv1',
  channels: null,
  split: 'test',
  limit: null,
  count: 9,
  measure: 'activation',
  worst: false,
}
export const kernels: Kernels = { layer: 'conv1', shape: [2, 1, 3, 3], values: new Float32Array(18) }

/** A process that answers when it is told to. */
export interface FakeLink {
  readonly look: LookCommand
  readonly asked: AskCommand[]
  readonly cancelled: string[]
  hasEnded: boolean
  settle(outcome: InspectAnswer | AppError): void
  end(): void
}

/** The service with a real recorder, and fakes for trainings and processes. */
export function setUp() {
  const storage = openStorage(temporaryHome())
  onTestFinished(() => storage.close())
  const recorder = createRunRecorder(storage, { appVersion: '1', notify: () => undefined, log: () => undefined })
  const training = new Map<string, { live: HandedOver | null; kernels: Kernels | null }>()
  const links: FakeLink[] = []
  const working = { atWork: false }
  /** Ends of channels, in the order in which they were given away. */
  const connections: MessagePortMain[] = []
  const service = createInspectService({
    recorder,
    service: {
      isAtWork: () => working.atWork,
      connect: (_id, port) => void connections.push(port),
      isTraining: (id) => training.has(id),
      kernels: (id) => Promise.resolve(training.get(id)?.kernels ?? null),
      weights: (id) => Promise.resolve(training.get(id)?.live ?? null),
    },
    launch(look, onEnd) {
      const open: { resolve: (answer: InspectAnswer) => void; reject: (error: AppError) => void }[] = []
      const fake: FakeLink = {
        look,
        asked: [],
        cancelled: [],
        hasEnded: false,
        settle(outcome) {
          const question = open.shift()
          if (outcome instanceof AppError) question?.reject(outcome)
          else question?.resolve(outcome)
        },
        end() {
          fake.hasEnded = true
          for (const { reject } of open.splice(0)) reject(new AppError('cancelled', 'ended'))
          onEnd()
        },
      }
      links.push(fake)
      return {
        ask(command) {
          fake.asked.push(command)
          return new Promise((resolve, reject) => void open.push({ resolve, reject }))
        },
        connect: (port) => void connections.push(port),
        cancel: (request) => void fake.cancelled.push(request),
        end: () => fake.end(),
        get hasEnded() {
          return fake.hasEnded
        },
      }
    },
    openChannel: () => [{ name: 'training' }, { name: 'inspector' }] as unknown as [MessagePortMain, MessagePortMain],
    dataFolder: (id) => `/data/${id}`,
    onProgress: () => undefined,
  })
  let requests = 0
  function ask(run: string, moment: Moment = { type: 'now' }, what = query) {
    const request = `request-${(requests += 1)}`
    const result = service.ask({ request, source: { run, moment }, query: what })
    result.catch(() => undefined)
    return { request, result }
  }
  return { recorder, service, training, working, connections, links, ask }
}

export type Parts = ReturnType<typeof setUp>

/** Writes sound weights into a folder of the run; gives the file. */
export function addEpoch({ recorder }: Parts, run: string, name: string): string {
  const folder = join(recorder.folder(run), name)
  mkdirSync(folder, { recursive: true })
  const tensors = requireSound(smallNetwork).layers.flatMap(({ node, weights }) =>
    weights.map(
      ({ name: own, shape }) =>
        [`${node.id}.${own}`, { shape, values: new Float32Array(elementCount(shape)) }] as const,
    ),
  )
  const file = join(folder, 'weights.safetensors')
  writeFileSync(file, writeSafetensors(new Map(tensors)))
  return file
}

export function newRun(parts: Parts): string {
  return parts.recorder.create({ document: smallNetwork, config: config() }).id
}

/** Lets everything happen that waits for nothing but a look at the disk. */
export async function soon(): Promise<void> {
  for (let turn = 0; turn < 40; turn++) await stat('.')
}
