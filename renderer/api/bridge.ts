import { AppError, fromWire } from '../../shared/errors'
import type { AppEvents, CallInput, CallName, CallOutput, EventName } from '../../shared/ipc/contract'

/** Calls main. Throws the `AppError` that main replied with; the input must be plain (no reactive proxies). */
export async function call<Name extends CallName>(name: Name, input: CallInput<Name>): Promise<CallOutput<Name>> {
  const reply = await bridge().call(name, input)
  if (!reply.ok) throw fromWire(reply.error)
  return reply.value
}

/** Listens to a fact from main; gives the function that ends it. */
export function listen<Name extends EventName>(name: Name, listener: (payload: AppEvents[Name]) => void): () => void {
  return bridge().on(name, listener)
}

/** Where a dropped file lies; empty for one that is on no disk. */
export function pathOf(file: File): string {
  return bridge().pathOf(file)
}

function bridge() {
  // Typed as always there; a page opened outside the app has none.
  const found = window.convscope as typeof window.convscope | undefined
  if (!found) throw new AppError('internal', 'The window is not connected to the app (no bridge).')
  return found
}
