import type { Page } from '@playwright/test'
import type { InspectAnswers } from '../../shared/inspect/answers'
import type { InspectQueryType, QueryOf } from '../../shared/inspect/queries'
import type { InspectSource } from '../../shared/inspect/source'
import type { WireError } from '../../shared/errors'
import type { Bridge } from '../../shared/ipc/contract'

declare global {
  interface Window {
    readonly convscope: Bridge
  }
}

/** Typed arrays become lists on their way out of the page. */
type Plain<Value> = Value extends ArrayBufferView
  ? number[]
  : Value extends readonly (infer Item)[]
    ? Plain<Item>[]
    : Value extends object
      ? { [Key in keyof Value]: Plain<Value[Key]> }
      : Value

export interface Answered<Type extends InspectQueryType> {
  readonly answer: Plain<InspectAnswers[Type]> | null
  readonly error: WireError | null
}

/** Asks a network's inside as the window does, over its own bridge. */
export function askInside<Type extends InspectQueryType>(
  page: Page,
  source: InspectSource,
  query: QueryOf<Type>,
): Promise<Answered<Type>> {
  return page.evaluate(
    async ([from, what]) => {
      const plain = (value: unknown): unknown => {
        if (value instanceof Float32Array || value instanceof Uint8Array || value instanceof Int32Array)
          return [...value]
        if (Array.isArray(value)) return value.map(plain)
        if (typeof value !== 'object' || value === null) return value
        return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, plain(each)]))
      }
      const request = crypto.randomUUID()
      const reply = await window.convscope.call('inspect.ask', { request, source: from, query: what })
      return reply.ok ? { answer: plain(reply.value), error: null } : { answer: null, error: reply.error }
    },
    [source, query] as const,
  ) as Promise<Answered<Type>>
}

/** The newest run's id. */
export async function newestRun(page: Page): Promise<string> {
  const reply = await page.evaluate(() => window.convscope.call('runs.list', undefined))
  const [run] = reply.ok ? reply.value : []
  if (!run) throw new Error('there is no run')
  return run.id
}

export async function momentsOf(page: Page, id: string) {
  const reply = await page.evaluate((run) => window.convscope.call('inspect.moments', { id: run }), id)
  if (!reply.ok) throw new Error(reply.error.message)
  return reply.value
}

/** Steps that the run has made. */
export async function stepsOf(page: Page, id: string): Promise<number> {
  const reply = await page.evaluate((run) => window.convscope.call('runs.get', { id: run }), id)
  return reply.ok ? (reply.value.progress?.step ?? 0) : 0
}

/** The largest difference of two lists, relative to the second's largest magnitude; Infinity where their lengths differ. */
export function relativeDifference(actual: readonly number[] | undefined, expected: readonly number[] = []): number {
  if (actual?.length !== expected.length) return Infinity
  const largest = Math.max(...expected.map(Math.abs))
  return Math.max(...expected.map((value, at) => Math.abs(value - (actual[at] ?? NaN)))) / largest
}
