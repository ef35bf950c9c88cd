import type { MessageEvent } from 'electron'
import type { TrainerEvent } from '../../shared/training/messages'
import { parseCommand } from './parse-command'
import { createRunControl } from './run-control'
import { failed, train } from './train'

// The training program, in a process of its own: one run, then it ends.
const port = process.parentPort
const control = createRunControl()
let started = false

/** Time for the last message to reach the main process. */
const farewellMs = 100

function say(event: TrainerEvent): void {
  port.postMessage(event)
}

function end(code: number): void {
  setTimeout(() => process.exit(code), farewellMs)
}

// Whatever was not foreseen: said, then left, since nothing can be relied on any more.
function giveUp(error: unknown): void {
  console.error(error)
  say(failed(error))
  end(1)
}

function obey({ data }: MessageEvent): void {
  const command = parseCommand(data)
  switch (command.type) {
    case 'start':
      if (started) throw new Error('the trainer was told to start twice')
      started = true
      void train(command, { emit: say, control }).then(({ type }) => end(type === 'failed' ? 1 : 0))
      break
    case 'inspect':
      control.inspect(command)
      break
    case 'pause':
    case 'resume':
    case 'stop':
      control[command.type]()
  }
}

process.on('uncaughtException', giveUp)
process.on('unhandledRejection', giveUp)
port.on('message', obey)
