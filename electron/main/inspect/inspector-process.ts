import type { MessagePortMain } from 'electron'
import { AppError, fromWire, toWire } from '../../../shared/errors'
import type { InspectAnswer, InspectProgress } from '../../../shared/inspect/answers'
import type { InspectorCommand, InspectorEvent, LookCommand } from '../../../shared/inspect/messages'
import { describeExit, lastWordsMs, openMailbox, tellingLines, type ProgramChild } from '../program-child'

export type InspectorChild = ProgramChild<InspectorCommand, InspectorEvent>
export type AskCommand = Extract<InspectorCommand, { type: 'ask' }>

/** A process that looks into one network. */
export interface InspectorLink {
  /** Rejects with what the inspector says, `cancelled`, or `inspector-crashed`. */
  ask(command: AskCommand, onProgress: (progress: InspectProgress) => void): Promise<InspectAnswer>
  /** Weights of a training come through this port. */
  connect(port: MessagePortMain): void
  /** The question is given up at once; the process goes on when it hears of it. */
  cancel(request: string): void
  /** Ends the process; questions under way are cancelled. */
  end(): void
  readonly hasEnded: boolean
}

export interface InspectorProcessOptions {
  readonly fork: () => InspectorChild
  /** Ends the process at once, however busy it is. */
  readonly kill: (child: InspectorChild) => void
  readonly log: (message: string) => void
  /** Seconds after which a process that does not hear that a question was cancelled is ended. */
  readonly deafSeconds?: number
}

export type LaunchInspector = (look: LookCommand, onEnd: () => void) => InspectorLink

interface Question {
  readonly resolve: (answer: InspectAnswer) => void
  readonly reject: (error: AppError) => void
  readonly onProgress: (progress: InspectProgress) => void
}

/** Runs each inspector in a process of its own, whose end harms nothing else. */
export function inspectorProcesses(options: InspectorProcessOptions): LaunchInspector {
  const { log, deafSeconds = 60 } = options

  return function launch(look, onEnd): InspectorLink {
    const child = options.fork()
    const mailbox = openMailbox(child, 'inspector', log)
    const questions = new Map<string, Question>()
    /** Cancelled, but the process has not said so yet. */
    const givenUp = new Map<string, NodeJS.Timeout>()
    let ended = false

    function close(error: AppError): void {
      if (ended) return
      ended = true
      for (const timer of givenUp.values()) clearTimeout(timer)
      for (const { reject } of questions.values()) reject(error)
      questions.clear()
      onEnd()
    }

    function killNow(): void {
      try {
        options.kill(child)
      } catch (error) {
        log(`the inspector could not be killed: ${toWire(error).message}`)
      }
    }

    function crash(message: string): void {
      if (ended) return
      const lines = tellingLines(mailbox.stderr)
      log(`${message}\n${mailbox.stderr.trim()}`)
      close(
        new AppError('inspector-crashed', lines ? `${message} It last wrote: ${lines}` : message, {
          fix: 'Training goes on untouched. Try again.',
          params: { detail: message, lines },
        }),
      )
    }

    function settle(request: string, outcome: (question: Question) => void): void {
      clearTimeout(givenUp.get(request))
      givenUp.delete(request)
      const question = questions.get(request)
      questions.delete(request)
      if (question) outcome(question)
    }

    function take(event: InspectorEvent): void {
      switch (event.type) {
        case 'answered':
          settle(event.request, ({ resolve }) => resolve(event.answer))
          break
        case 'refused':
          settle(event.request, ({ reject }) => reject(fromWire(event.error)))
          break
        case 'progress':
          questions.get(event.progress.request)?.onProgress(event.progress)
          break
        case 'failed':
          crash(`The process that looks into the network failed: ${event.error.message}`)
      }
    }

    mailbox.post(look)
    child.on('message', take)
    child.on('exit', (code) => {
      const message = `The process that looks into the network ended unexpectedly (${describeExit(code)}).`
      setTimeout(() => crash(message), lastWordsMs)
    })

    return {
      ask(command, onProgress) {
        return new Promise((resolve, reject) => {
          if (ended) {
            reject(cancelled())
            return
          }
          questions.set(command.request, { resolve, reject, onProgress })
          mailbox.post(command)
        })
      },
      connect: (port) => mailbox.post({ type: 'connect' }, [port]),
      cancel(request) {
        const question = questions.get(request)
        if (!question) return
        questions.delete(request)
        question.reject(cancelled())
        mailbox.post({ type: 'cancel', request })
        givenUp.set(
          request,
          setTimeout(() => {
            crash(`The process that looks into the network did not stop within ${deafSeconds} seconds and was ended.`)
            killNow()
          }, deafSeconds * 1000),
        )
      },
      end() {
        if (ended) return
        close(cancelled())
        killNow()
      },
      get hasEnded() {
        return ended
      },
    }
  }
}

function cancelled(): AppError {
  return new AppError('cancelled', 'The question was cancelled.')
}
