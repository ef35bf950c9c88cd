import { existsSync } from 'node:fs'
import type { NetworkDocument } from '../../shared/network/document'
import { parseNetwork } from '../../shared/network/parse'
import { readInput } from './files'

// Bundled by the build tool: `reference` is resources/networks/reference.json.
const bundled = import.meta.glob<string>('../../resources/networks/*.json', {
  eager: true,
  query: '?raw',
  import: 'default',
})

export const builtInNames: readonly string[] = Object.keys(bundled).map(nameOf)

/** A file, or the name of a built-in network. Throws `not-found`, `invalid-network` or `unsupported-version`, naming the file. */
export function readNetworkFile(file: string): NetworkDocument {
  const [, text] = Object.entries(bundled).find(([path]) => nameOf(path) === file) ?? []
  if (text !== undefined && !existsSync(file)) return parseNetwork(text, `${file}.json`)
  return parseNetwork(new TextDecoder().decode(readInput(file)), file)
}

/** Whether an argument that may also name a run means a network. */
export function namesNetwork(argument: string): boolean {
  return argument.endsWith('.json') || builtInNames.includes(argument)
}

function nameOf(path: string): string {
  return path.replace(/^.*\//, '').replace(/\.json$/, '')
}
