import { AppError } from '../../../../shared/errors'
import type { NativeBinding } from './binding'
import { outName, type GraphNode, type Out } from './graph/graph'
import { loadGraph } from './graph/saved-model'

/** A value to feed. It is handed to TensorFlow, which may keep its memory: never write to it again. */
export interface Feed {
  readonly to: Out
  readonly shape: readonly number[]
  readonly values: Float32Array | Int32Array | Uint8Array
}

/** What to run, with the names put together once. */
export interface Endpoint {
  readonly feeds: string
  readonly fetches: string
}

export function endpoint(feeds: readonly Out[], fetches: readonly Out[]): Endpoint {
  return { feeds: feeds.map(outName).join(','), fetches: fetches.map(outName).join(',') }
}

export interface Session {
  /** `feeds` in the endpoint's order. Gives the fetched values in order. */
  run(endpoint: Endpoint, feeds: readonly Feed[]): (Float32Array | Int32Array | Uint8Array)[]
  close(): void
}

export function openSession(binding: NativeBinding, nodes: readonly GraphNode[]): Session {
  const model = engineCall(() => loadGraph(binding, nodes))
  return {
    run(what, feeds) {
      const inputs = feeds.map(({ to, shape, values }) => binding.createTensor(shape, dtypeOf(binding, to), values))
      try {
        const outputs = engineCall(() => binding.runSavedModel(model, inputs, what.feeds, what.fetches))
        return outputs.map(({ id }) => {
          const values = binding.tensorDataSync(id)
          binding.deleteTensor(id)
          return values
        })
      } finally {
        for (const id of inputs) binding.deleteTensor(id)
      }
    },
    close: () => binding.deleteSavedModel(model),
  }
}

function dtypeOf(binding: NativeBinding, out: Out): number {
  if (out.dtype === 'float32') return binding.TF_FLOAT
  return out.dtype === 'uint8' ? binding.TF_UINT8 : binding.TF_INT32
}

/** TensorFlow's own failures as ours; running out of memory gets its own kind. */
function engineCall<Result>(call: () => Result): Result {
  try {
    return call()
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    if (/OOM|out of memory|failed to allocate/i.test(message)) {
      throw new AppError('out-of-memory', `TensorFlow ran out of memory: ${message}`, {
        fix: 'Choose a smaller batch size or a smaller network.',
        cause: error,
      })
    }
    throw new AppError('engine-failed', `TensorFlow failed: ${message}`, { cause: error })
  }
}
