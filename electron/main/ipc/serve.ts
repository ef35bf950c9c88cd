import { ipcMain, type WebContents } from 'electron'
import type { z } from 'zod'
import { AppError, toWire, type WireError } from '../../../shared/errors'
import {
  calls,
  type AppEvents,
  type CallName,
  type CallOutput,
  type CallParsed,
  type EventName,
  type Reply,
} from '../../../shared/ipc/contract'
import { callChannel, eventChannel } from '../../../shared/ipc/channels'

/** What answers each call. A handler gets the parsed input, never the Electron event. */
export type Handlers = {
  readonly [Name in CallName]: (input: CallParsed<Name>) => CallOutput<Name> | Promise<CallOutput<Name>>
}

/** Who asks: the part of Electron's event that decides whether it may. */
export interface Sender {
  readonly senderFrame: { readonly url: string; readonly parent: unknown } | null
}

export interface ServeOptions {
  readonly handlers: Handlers
  /** Whether a page at this address is our own window. */
  readonly isOwnPage: (url: string) => boolean
  readonly log: (message: string) => void
  /** Told of every error that a call ends with. */
  readonly onError?: (error: WireError) => void
}

/** Registers every call of the contract. */
export function serve(options: ServeOptions): void {
  for (const name of Object.keys(calls) as CallName[]) {
    ipcMain.handle(callChannel(name), (event, input: unknown) => answer(options, name, event, input))
  }
}

/** Checks the sender and the input, runs the handler, and turns what it throws into a plain error. */
export async function answer<Name extends CallName>(
  { handlers, isOwnPage, log, onError }: ServeOptions,
  name: Name,
  { senderFrame }: Sender,
  input: unknown,
): Promise<Reply<CallOutput<Name>>> {
  try {
    if (!senderFrame || senderFrame.parent !== null || !isOwnPage(senderFrame.url)) {
      throw new AppError('permission-denied', `The call ${name} came from a page that is not Convscope's window.`)
    }
    return { ok: true, value: await handlers[name](parseInput(name, input)) }
  } catch (error) {
    const wire = toWire(error)
    const detail = wire.kind === 'internal' && error instanceof Error ? (error.stack ?? wire.message) : wire.message
    log(`${name}: ${wire.kind}: ${detail}`)
    onError?.(wire)
    return { ok: false, error: wire }
  }
}

function parseInput<Name extends CallName>(name: Name, input: unknown): CallParsed<Name> {
  const schema: z.ZodType = calls[name].input
  const parsed = schema.safeParse(input)
  // TypeScript does not follow the name through the contract to the schema's own output.
  if (parsed.success) return parsed.data as CallParsed<Name>
  const [issue] = parsed.error.issues
  const field = issue?.path.join('.') || 'input'
  const problem = issue?.message ?? 'is not of the right form'
  throw new AppError('invalid-input', `${name}: ${field}: ${problem}`, { params: { field, problem } })
}

/** Sends a fact to a window. */
export function sendEvent<Name extends EventName>(contents: WebContents, name: Name, payload: AppEvents[Name]): void {
  if (!contents.isDestroyed()) contents.send(eventChannel(name), payload)
}
