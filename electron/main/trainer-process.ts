import { AppError, toWire } from '../../shared/errors'
import type { TrainerCommand, TrainerEvent } from '../../shared/training/messages'
import { describeExit, lastWordsMs, openMailbox, tellingLines, type ProgramChild } from './program-child'
import type { LaunchTrainer, LaterCommand, TrainerLink } from './runs/trainer-link'
import { watchSilence } from './silence'

export type TrainerChild = ProgramChild<TrainerCommand, TrainerEvent>

export interface TrainerProcessOptions {
  readonly fork: () => TrainerChild
  /** Ends the process at once, however busy it is. */
  readonly kill: (child: TrainerChild) => void
  readonly log: (message: string) => void
  readonly stopDeadlineSeconds?: number
  readonly silenceSeconds?: Partial<SilenceLimits>
}

/** Seconds without any message after which a trainer counts as hung. */
export interface SilenceLimits {
  /** Loading TensorFlow from a slow disk and building the graph. */
  readonly starting: number
  readonly tensorflow: number
  /** One step of a large batch in plain JavaScript takes long. */
  readonly eager: number
}

const defaultLimits: SilenceLimits = { starting: 180, tensorflow: 60, eager: 600 }

/** Runs each trainer in a process of its own: its end frees every tensor, and its crash harms nothing else. */
export function trainerProcesses(options: TrainerProcessOptions): LaunchTrainer {
  const { log, stopDeadlineSeconds = 15 } = options
  const limits = { ...defaultLimits, ...options.silenceSeconds }

  return function launch(start, onEvent): TrainerLink {
    const child = options.fork()
    const mailbox = openMailbox(child, 'trainer', log)
    let settled = false
    let exited = false
    let stopping = false
    let deadline: NodeJS.Timeout | null = null
    let resolveEnded: () => void = () => undefined
    const ended = new Promise<void>((resolve) => (resolveEnded = resolve))
    const watch = watchSilence(limits.starting, (seconds) => {
      fail(`The trainer gave no sign of life for ${seconds} seconds and was ended.`, 'silent')
    })

    function settle(event: TrainerEvent): void {
      if (settled) return
      settled = true
      watch.end()
      // It said its last word; if it does not go by itself, it is ended.
      startDeadline()
      onEvent(event)
    }

    function fail(message: string, detail: string): void {
      const lines = tellingLines(mailbox.stderr)
      const error = new AppError('trainer-crashed', lines ? `${message} It last wrote: ${lines}` : message, {
        fix: 'The weights of the last finished epoch are kept. Start the run again.',
        params: { detail, lines },
      })
      log(`${message}\n${mailbox.stderr.trim()}`)
      settle({ type: 'failed', error: toWire(error) })
      killNow()
    }

    function startDeadline(): void {
      if (!exited) deadline ??= setTimeout(overdue, stopDeadlineSeconds * 1000)
    }

    function overdue(): void {
      if (exited) return
      log(`the trainer did not end within ${stopDeadlineSeconds} s and was killed`)
      settle({ type: 'stopped' })
      killNow()
    }

    function killNow(): void {
      if (exited) return
      try {
        options.kill(child)
      } catch (error) {
        log(`the trainer could not be killed: ${toWire(error).message}`)
      }
    }

    function take(event: TrainerEvent): void {
      watch.heard()
      if (settled) return
      if (event.type === 'started') watch.limit = limits[event.engine.id]
      // A paused trainer may be as quiet as it likes.
      if (event.type === 'paused') watch.watching = false
      if (event.type === 'resumed') watch.watching = true
      if (event.type === 'finished' || event.type === 'stopped' || event.type === 'failed') settle(event)
      else onEvent(event)
    }

    mailbox.post(start)
    child.on('message', take)
    child.on('exit', (code) => {
      exited = true
      if (deadline) clearTimeout(deadline)
      watch.end()
      if (settled) resolveEnded()
      else setTimeout(() => conclude(code), lastWordsMs)
    })

    // The trainer's own last word decides, not its exit code: without one it crashed.
    function conclude(code: number): void {
      if (!settled) fail(`The trainer ended unexpectedly (${describeExit(code)}).`, describeExit(code))
      resolveEnded()
    }

    return {
      ended,
      send(command: LaterCommand, ports = []) {
        if (settled || exited) return
        if (command.type === 'stop') {
          if (stopping) return
          stopping = true
          watch.watching = true
          startDeadline()
        }
        if (command.type === 'resume') watch.watching = true
        mailbox.post(command, [...ports])
      },
    }
  }
}
