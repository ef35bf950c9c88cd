import { statSync } from 'node:fs'
import type { NamedTensors } from '../../../shared/formats/tensors'
import type { InspectorCommand, WeightsOrigin } from '../../../shared/inspect/messages'
import type { SoundNetwork } from '../../../shared/network/analyze'
import type { RunConfig } from '../../../shared/training/config'
import { fromEngineWeights } from '../engines/weights/exchange'
import { initialWeights } from '../engines/weights/initial'
import { loadWeights } from '../load-weights'

/** Bytes of weights that are kept for the next question; the newest ones stay whatever their size. */
const mostBytes = 256e6

/** Fetches weights when they are first needed. */
export type WeightsSource = () => NamedTensors

export interface WeightsShelf {
  /** Weights of a training, which replace those before. */
  put(command: Extract<InspectorCommand, { type: 'weights' }>): void
  /** Where to get these weights from, which throws `not-found` and `invalid-input` naming the file; null until they have come. */
  find(origin: WeightsOrigin): WeightsSource | null
}

/** Keeps the weights that were looked at last, so that a slider over the epochs goes back and forth without reading. */
export function createWeightsShelf(network: SoundNetwork, config: Pick<RunConfig, 'init' | 'seed'>): WeightsShelf {
  const kept = new Map<string, NamedTensors>()
  let live: { readonly number: number; readonly source: WeightsSource } | null = null

  function keeping(key: string, make: () => NamedTensors): NamedTensors {
    const weights = kept.get(key) ?? make()
    // The one used last stands at the end.
    kept.delete(key)
    kept.set(key, weights)
    let bytes = [...kept.values()].reduce((sum, each) => sum + bytesOf(each), 0)
    for (const [old, each] of kept) {
      if (bytes <= mostBytes || old === key) break
      kept.delete(old)
      bytes -= bytesOf(each)
    }
    return weights
  }

  return {
    put({ number, weights }) {
      // Turned into PyTorch's layout only when they are looked at.
      let turned: NamedTensors | null = null
      live = { number, source: () => (turned ??= fromEngineWeights(network, weights)) }
    },
    find(origin) {
      switch (origin.type) {
        case 'initial':
          return () => keeping('initial', () => initialWeights(network, config.init, config.seed))
        case 'file':
          return () => keeping(fileKey(origin.file), () => loadWeights(network, origin.file))
        case 'live':
          return live && live.number >= origin.number ? live.source : null
      }
    },
  }
}

/** A checkpoint that was written anew is another one. */
function fileKey(file: string): string {
  const found = statSync(file, { throwIfNoEntry: false })
  return `${file}|${found?.mtimeMs ?? 'missing'}|${found?.size ?? 0}`
}

function bytesOf(weights: NamedTensors): number {
  return [...weights.values()].reduce((sum, { values }) => sum + values.byteLength, 0)
}
