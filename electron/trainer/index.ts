import type { MessageEvent, MessagePortMain } from 'electron'
import type { InspectorCommand, InspectorEvent } from '../../shared/inspect/messages'
import type { EngineWeight, TrainerEvent } from '../../shared/training/messages'
import type { RangeEvent } from '../../shared/training/range-messages'
import { findRate } from './find-rate'
import { createInspector, type Inspector } from './inspect/inspector'
import { lowerPriority } from './inspect/priority'
import { parseCommand } from './parse-command'
import { createRunControl } from './run-control'
import { failed, train } from './train'

// A program in a process of its own. Told `start` it trains one run, then it ends; told `find-rate` it tests learning rates,
// then it ends; told `look` it answers questions about a network's inside until it is ended.
const port = process.parentPort
const control = createRunControl()
let started = false
let inspector: Inspector | null = null
/** Leads from a training to who looks into it. */
let other: MessagePortMain | null = null

/** Time for the last message to reach the main process. */
const farewellMs = 100

function say(event: TrainerEvent | InspectorEvent | RangeEvent): void {
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

function begin(): void {
  if (started) throw new Error('the program was told to start twice')
  started = true
}

function handOver(number: number, weights: readonly EngineWeight[]): void {
  const command: InspectorCommand = { type: 'weights', number, weights }
  other?.postMessage(command)
}

function connect([given]: readonly MessagePortMain[]): void {
  other?.close()
  other = given ?? null
  other?.on('message', obey)
  other?.start()
}

function obey({ data, ports }: MessageEvent): void {
  const command = parseCommand(data)
  switch (command.type) {
    case 'start':
      begin()
      void train(command, { emit: say, control, handOver }).then(({ type }) => end(type === 'failed' ? 1 : 0))
      break
    case 'find-rate':
      begin()
      void findRate(command, { emit: say }).then((result) => {
        say({ type: 'rate-found', result })
        end(0)
      }, giveUp)
      break
    case 'inspect':
      control.inspect(command)
      break
    case 'pause':
    case 'resume':
    case 'stop':
      control[command.type]()
      break
    case 'connect':
      connect(ports)
      break
    case 'look':
      begin()
      lowerPriority()
      inspector = createInspector(command, say)
      break
    case 'weights':
    case 'ask':
    case 'cancel':
      inspector?.take(command)
  }
}

process.on('uncaughtException', giveUp)
process.on('unhandledRejection', giveUp)
port.on('message', obey)
