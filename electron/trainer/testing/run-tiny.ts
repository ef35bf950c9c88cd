import type { Dataset } from '../../../shared/data/dataset'
import type { StartCommand, TrainerEvent } from '../../../shared/training/messages'
import type { RunFiles } from '../../run-folder/files'
import type { Engine } from '../engines/engine'
import { createRunControl, type RunControl } from '../run-control'
import { train, type LastEvent } from '../train'
import type { HandOver } from '../training-run'
import { tinyDataset } from './tiny'

export interface TinyRun {
  readonly events: TrainerEvent[]
  readonly last: LastEvent
}

export type EventOf<Type extends TrainerEvent['type']> = Extract<TrainerEvent, { type: Type }>

/** Trains on the tiny data set; `onEvent` may use the control. */
export async function runTiny(
  command: StartCommand,
  engine: Engine,
  options: {
    readonly onEvent?: (event: TrainerEvent, control: RunControl) => void
    readonly control?: RunControl
    readonly handOver?: HandOver
    readonly files?: RunFiles
    readonly retryMs?: number
    readonly milliseconds?: () => number
    readonly dataset?: Dataset
  } = {},
): Promise<TinyRun> {
  const { onEvent, control = createRunControl(), dataset = tinyDataset(), ...rest } = options
  const events: TrainerEvent[] = []
  const last = await train(command, {
    ...rest,
    control,
    startEngine: () => Promise.resolve(engine),
    load: () => dataset,
    emit(event) {
      events.push(event)
      onEvent?.(event, control)
    },
  })
  return { events, last }
}

export function eventsOf<Type extends TrainerEvent['type']>(events: readonly TrainerEvent[], type: Type) {
  return events.filter((event): event is EventOf<Type> => event.type === type)
}
