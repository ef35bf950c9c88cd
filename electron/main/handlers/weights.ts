import { readImportFile } from '../documents/import-file'
import type { Handlers } from '../ipc/serve'

export interface WeightsDialogs {
  /** A file of weights to read; null when the person changed their mind. */
  askWeights(): Promise<string | null>
}

export function weightsHandlers({ askWeights }: WeightsDialogs): Pick<Handlers, 'weights.read'> {
  return {
    async 'weights.read'({ path }) {
      const chosen = path ?? (await askWeights())
      return chosen === null ? null : readImportFile(chosen)
    },
  }
}
