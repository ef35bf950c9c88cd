import { basename } from 'node:path'
import { z } from 'zod'

export const recentSchema = z.strictObject({
  path: z.string().min(1),
  /** The network's name when it was last opened or saved. */
  name: z.string(),
  /** Unix milliseconds. */
  openedAt: z.number(),
})
export type Recent = z.infer<typeof recentSchema>

export const mostRecents = 10

/** The list with `opened` in front, each file once, the oldest dropped. */
export function withRecent(list: readonly Recent[], opened: Recent): Recent[] {
  return [opened, ...list.filter(({ path }) => path !== opened.path)].slice(0, mostRecents)
}

/** What a menu says of a file: its name, and where two have the same, their folders as well. */
export function recentLabels(list: readonly Recent[]): string[] {
  const names = list.map(({ path }) => basename(path))
  return list.map(({ path }, index) => {
    const name = names[index] ?? path
    return names.filter((other) => other === name).length > 1 ? path : name
  })
}

export interface RecentsStore {
  get(): readonly Recent[]
  set(list: readonly Recent[]): void
}

/** The files opened or saved last. `onChange` hears of every new list. */
export function createRecents(store: RecentsStore, onChange: (list: readonly Recent[]) => void, now = Date.now) {
  function put(list: readonly Recent[]): void {
    store.set(list)
    onChange(list)
  }
  return {
    list: () => [...store.get()],
    add: (path: string, name: string) => put(withRecent(store.get(), { path, name, openedAt: now() })),
    clear: () => put([]),
  }
}
