import type { NetworkDocument } from '../document'

const longestId = 64
/** Short names that people write; other kinds take their own name without its dimension: `avg_pool2d` gives `avg_pool`. */
const stems: Readonly<Record<string, string>> = {
  conv2d: 'conv',
  batch_norm2d: 'bn',
  max_pool2d: 'pool',
  linear: 'fc',
}

/** The word that ids of a layer kind begin with: `conv` for `conv2d`. */
export function idStem(kind: string): string {
  return (
    stems[kind] ??
    kind
      .replace(/\d+d$/, '')
      .replace(/[^A-Za-z0-9_]/g, '_')
      .replace(/^(\d|$)/, '_$1')
  )
}

/** Every id that is taken: layers and groups share one space, as both become attributes in code. */
export function takenIds(document: NetworkDocument): Set<string> {
  return new Set([...document.layers, ...(document.groups ?? [])].map(({ id }) => id))
}

/**
 * `stem` and the number behind the highest one in use: `conv3` where `conv1` and `conv2` are. An `input` is the only one of
 * its kind and takes no number as long as it is free.
 */
export function freshId(stem: string, taken: ReadonlySet<string>): string {
  if (stem === 'input' && !taken.has(stem)) return stem
  const numbers = [...taken].map((id) => (id.startsWith(stem) ? /^\d{1,9}$/.exec(id.slice(stem.length)) : null))
  let next = Math.max(0, ...numbers.map((match) => Number(match?.[0] ?? 0))) + 1
  for (;;) {
    const id = stem.slice(0, longestId - String(next).length) + next
    if (!taken.has(id)) return id
    next++
  }
}

/** A free id for a copy of the layer `id`: the next number of its family, so that a copy of `conv2` is `conv3`. */
export function copyId(id: string, taken: ReadonlySet<string>): string {
  return taken.has(id) ? freshId(id.replace(/\d+$/, '') || '_', taken) : id
}
