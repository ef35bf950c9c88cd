import type { Token } from './highlight'

type Line = readonly Token[]

/**
 * Colours of a program that changes a statement or two at a time: a statement that was seen before is not read again. None
 * of Python's colours reaches from one statement into the next.
 */
export function cachedHighlight(highlight: (code: string) => readonly Line[]): (code: string) => readonly Line[] {
  let before = new Map<string, readonly Line[]>()
  return function colour(code) {
    const now = new Map<string, readonly Line[]>()
    const lines: Line[] = []
    for (const statement of statementsOf(code)) {
      const known = now.get(statement) ?? before.get(statement) ?? highlight(statement)
      now.set(statement, known)
      lines.push(...known)
    }
    before = now
    return lines
  }
}

/** Lines, joined where a bracket or a docstring goes on over several. */
export function statementsOf(code: string): string[] {
  const statements: string[][] = []
  let quoted = false
  let depth = 0
  for (const line of code.split('\n')) {
    const current = statements.at(-1)
    if (current && (quoted || depth > 0)) current.push(line)
    else statements.push([line])
    if (count(line, /"""/g) % 2 === 1) quoted = !quoted
    if (!quoted) depth = Math.max(0, depth + count(line, /[([{]/g) - count(line, /[)\]}]/g))
  }
  return statements.map((lines) => lines.join('\n'))
}

function count(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0
}
