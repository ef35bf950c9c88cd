import { AppError } from '../../../shared/errors'
import { parseNetwork } from '../../../shared/network/parse'
import type { Handlers } from '../ipc/serve'

// Bundled by the build tool: a network added to the folder needs no list edited.
const files = import.meta.glob<string>('../../../resources/networks/*.json', {
  eager: true,
  query: '?raw',
  import: 'default',
})

export function networksHandlers(): Pick<Handlers, 'networks.reference'> {
  return {
    'networks.reference'() {
      const [path, text] = Object.entries(files).find(([name]) => name.endsWith('/reference.json')) ?? []
      if (!path || !text) throw new AppError('not-found', 'The reference network is missing from this installation.')
      return parseNetwork(text, 'reference.json')
    },
  }
}
