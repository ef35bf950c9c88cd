import type { MessagePortMain } from 'electron'
import type { TrainerCommand, TrainerEvent } from '../../../shared/training/messages'

export type StartCommand = Extract<TrainerCommand, { type: 'start' }>
export type LaterCommand = Exclude<TrainerCommand, { type: 'start' }>

/** A trainer at work on one run, in whatever process it lives. */
export interface TrainerLink {
  /** `ports` go with the command, as `connect` asks. */
  send(command: LaterCommand, ports?: readonly MessagePortMain[]): void
  /** Resolves when the last event is delivered and nothing of the trainer is left. */
  readonly ended: Promise<void>
}

/**
 * Begins one run. Of the events, the last is one of finished, stopped and failed, and nothing follows it, however the
 * trainer ends; a `stop` is obeyed within a deadline.
 */
export type LaunchTrainer = (start: StartCommand, onEvent: (event: TrainerEvent) => void) => TrainerLink
