import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { AppError, errorKinds, toWire } from '../../../../shared/errors'
import { networkDocumentSchema, networkFormat, networkVersion } from '../../../../shared/network/document'
import { runConfigSchema } from '../../../../shared/training/config'
import type { RunState } from '../../../../shared/training/state'
import { runFolderName } from '../home'
import type { StoredValue } from './record'

/** A row of `runs` by its columns' names, ready to be written. */
export type RunRow = Readonly<Record<string, string | number | null>>

/** What damage left of a run's row. */
export interface MendedRun {
  readonly number: number
  /** Null where even that is gone. */
  readonly id: string | null
  readonly name: string | null
  /** Null where the network or the configuration is gone, without which it is no run; its folder may have both. */
  readonly row: RunRow | null
  /** The columns that are sound, also of a row that is not whole. */
  readonly sound: RunRow
}

const scoreSchema = z.object({ loss: z.number().nullable(), accuracy: z.number().min(0).max(1).nullable() })
const errorSchema = z.object({
  kind: z.enum(errorKinds),
  message: z.string(),
  fix: z.string(),
  params: z.record(z.string(), z.union([z.string(), z.number()])),
})
const stateSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('queued') }),
  z.object({ type: z.literal('starting') }),
  z.object({ type: z.literal('running') }),
  z.object({ type: z.literal('paused'), reason: errorSchema.optional() }),
  z.object({ type: z.literal('finished'), test: scoreSchema }),
  z.object({ type: z.literal('stopped') }),
  z.object({ type: z.literal('failed'), error: errorSchema }),
])
export const engineSchema = z.object({
  id: z.enum(['tensorflow', 'eager']),
  version: z.string(),
  device: z.string(),
  notice: z.string().nullable(),
})
const progressSchema = z.object({
  epoch: z.number(),
  epochs: z.number(),
  step: z.number(),
  totalSteps: z.number(),
  imagesPerSecond: z.number().nullable(),
  secondsLeft: z.number().nullable(),
})

/** Between the year 2001 and 2286; in milliseconds. */
const time = z.int().min(1e12).max(1e13)
const flag = z.union([z.literal(0), z.literal(1)])

/** What a column may hold. Those that are not here are only of their column's type. */
const columns: Readonly<Record<string, z.ZodType>> = {
  id: z.uuid(),
  name: z.string().min(1).max(1000),
  network_name: z.string().min(1).max(1000),
  document: json(networkDocumentSchema),
  config: json(runConfigSchema),
  engine: json(engineSchema).nullable(),
  state_detail: json(stateSchema),
  progress: json(progressSchema).nullable(),
  checkpoint: z
    .string()
    .regex(/^epoch-\d{4,}(-step-\d{6,})?(\/[\w.-]+)?$/)
    .nullable(),
  created_at: time,
  started_at: time.nullable(),
  ended_at: time.nullable(),
  seen_at: time,
  tags: json(z.array(z.string())),
  pinned: flag,
  archived: flag,
  deleted_at: time.nullable(),
  parent: json(z.object({ run: z.string(), checkpoint: z.string() })).nullable(),
  queue_position: z.number().nullable(),
}

export function json(schema: z.ZodType): z.ZodType {
  return z.string().refine((text) => {
    try {
      return schema.safeParse(JSON.parse(text)).success
    } catch {
      return false
    }
  })
}

/** A run whose end nobody recorded. */
export function interruptedState(): RunState {
  const error = new AppError('trainer-crashed', 'How this run ended is not known: the run database was damaged.', {
    fix: 'Its newest checkpoint is kept; it can go on from there.',
    params: { detail: 'interrupted' },
  })
  return { type: 'failed', error: toWire(error) }
}

/** Sorts out what of a row is sound, and puts in what can be known without it. `idOf` gives a run's id by its number. */
export function mendRun(
  values: Readonly<Record<string, StoredValue>>,
  idOf: (number: number) => string | undefined,
): MendedRun | null {
  const sound: Record<string, string | number | null> = {}
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined || value instanceof Uint8Array) continue
    if (columns[name]?.safeParse(value).success ?? true) sound[name] = value
  }
  const number = sound.number
  if (typeof number !== 'number' || number < 1) return null
  const id = sound.id ?? idOf(number)
  const name = sound.name ?? null
  return {
    number,
    id: typeof id === 'string' ? id : null,
    name: typeof name === 'string' ? name : null,
    row: typeof id === 'string' ? wholeRow({ ...sound, id }) : null,
    sound,
  }
}

/** Fills in what else a run's row needs; null where the network, the configuration or the id is missing. */
export function wholeRow(sound: RunRow): RunRow | null {
  const { id, document, config } = sound
  if (typeof id !== 'string' || typeof document !== 'string' || typeof config !== 'string') return null
  const network = networkDocumentSchema.parse(JSON.parse(document))
  const { dataset, seed } = runConfigSchema.parse(JSON.parse(config))
  const detail = sound.state_detail ?? JSON.stringify(interruptedState())
  const state = stateSchema.parse(JSON.parse(String(detail))).type
  const created = sound.created_at ?? sound.started_at ?? sound.seen_at ?? Date.now()
  return {
    app_version: 'unknown',
    session: '',
    engine: null,
    progress: null,
    checkpoint: null,
    seen_at: sound.ended_at ?? created,
    ...sound,
    name: sound.name ?? network.name,
    network_name: network.name,
    dataset,
    seed,
    folder: runFolderName(id),
    created_at: created,
    state_detail: detail,
    state,
  }
}

/**
 * A row for a run of which metrics are left, but not the network, the settings or even the id: they stay visible, and the note says
 * what is missing.
 */
export function placeholderRow({ number, id, name, sound }: MendedRun): RunRow | null {
  const network = { id: 'input', kind: 'input' }
  const label = typeof sound.network_name === 'string' ? sound.network_name : `Run ${number}`
  const document = { format: networkFormat, version: networkVersion, name: label.slice(0, 200), layers: [network] }
  const note = typeof sound.note === 'string' && sound.note !== '' ? `${sound.note}\n\n` : ''
  return wholeRow({
    document: JSON.stringify(document),
    config: JSON.stringify(runConfigSchema.parse({})),
    ...sound,
    id: id ?? randomUUID(),
    name: name ?? label,
    note: note + lostNote,
  })
}

const lostNote =
  'The run database was damaged: what is shown here as network or settings is only a placeholder. / 运行数据库曾损坏：此处显示的网络或设置只是占位内容。'
