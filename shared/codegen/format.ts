/** Black's line length. */
export const lineLength = 88

const closing: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' }
/** Brackets around less than this stay together: breaking them would shorten nothing. */
const leastContent = 12

/**
 * A statement in lines, as Black formats it: what is too long goes one argument a line, with the trailing comma that
 * keeps it so. `text` is one logical line without comments.
 */
export function formatStatement(indent: number, text: string): string[] {
  const space = ' '.repeat(indent)
  if (indent + text.length <= lineLength) return [space + text]
  const group = topGroups(text).findLast(({ start, end }) => end - start > leastContent)
  if (!group) return [space + text]
  const { start, end } = group
  const parts = splitAtCommas(text.slice(start + 1, end))
  return [
    space + text.slice(0, start + 1),
    ...parts.flatMap((part) => formatStatement(indent + 4, `${part},`)),
    space + text.slice(end),
  ]
}

/** Outermost pairs of brackets, as positions of both. */
function topGroups(text: string): { start: number; end: number }[] {
  const groups: { start: number; end: number }[] = []
  let start = 0
  scan(text, (at, depth, character) => {
    if (depth === 1 && character in closing) start = at
    if (depth === 0 && character !== ',') groups.push({ start, end: at })
  })
  return groups
}

function splitAtCommas(text: string): string[] {
  const parts: string[] = []
  let start = 0
  let depth = 0
  scan(`${text},`, (at, after, character) => {
    if (character === ',' && depth === 0) {
      parts.push(text.slice(start, at).trim())
      start = at + 1
    }
    depth = after
  })
  return parts.filter((part) => part !== '')
}

/** Calls `visit` with every bracket and comma outside of strings, and the depth behind it. */
function scan(text: string, visit: (at: number, depth: number, character: string) => void): void {
  let depth = 0
  let quoted = false
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at)
    if (quoted && character === '\\') at++
    else if (character === '"') quoted = !quoted
    else if (quoted) continue
    else if (character in closing) visit(at, ++depth, character)
    else if (')]}'.includes(character)) visit(at, --depth, character)
    else if (character === ',') visit(at, depth, character)
  }
}
