import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { delimiter, dirname, join } from 'node:path'
import { AppError } from '../../../../shared/errors'

const require = createRequire(import.meta.url)

/** The part of tfjs-node's native binding that we use. Tensors are numbers: each must be deleted by whoever got it. */
export interface NativeBinding {
  readonly TF_FLOAT: number
  readonly TF_INT32: number
  readonly TF_UINT8: number
  readonly TF_Version: string
  createTensor(shape: readonly number[], dtype: number, values: Float32Array | Int32Array | Uint8Array): number
  deleteTensor(id: number): void
  tensorDataSync(id: number): Float32Array | Int32Array | Uint8Array
  loadSavedModel(folder: string, tags: string): number
  deleteSavedModel(id: number): void
  runSavedModel(
    model: number,
    inputs: readonly number[],
    inputNames: string,
    outputNames: string,
  ): { readonly id: number; readonly shape: readonly number[] }[]
  getNumOfTensors(): number
  isUsingGpuDevice(): boolean
}

let loaded: NativeBinding | null = null

/**
 * Loads the native binding by itself, without the rest of tfjs-node: it starts in a fraction of the time and needs no
 * shims for newer Node versions. Throws `engine-missing` where TensorFlow is not installed or cannot be loaded.
 */
export function loadBinding(): NativeBinding {
  loaded ??= openBinding()
  return loaded
}

function openBinding(): NativeBinding {
  // Its banner would mix with our output, and on a GPU it must not take all memory at once.
  process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '2'
  process.env['TF_FORCE_GPU_ALLOW_GROWTH'] ??= 'true'
  const fix = 'Run "npm run setup", then try again.'
  const file = bindingFile()
  if (!existsSync(file)) {
    throw new AppError('engine-missing', 'TensorFlow is not installed.', { fix })
  }
  if (process.platform === 'win32') {
    // Windows looks for tensorflow.dll along PATH.
    const libraries = join(dirname(file), '..', '..', 'deps', 'lib')
    process.env['PATH'] = `${libraries}${delimiter}${process.env['PATH'] ?? ''}`
  }
  try {
    return require(file) as NativeBinding
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new AppError('engine-missing', `TensorFlow could not be loaded: ${reason}`, { fix, cause: error })
  }
}

function bindingFile(): string {
  return join(dirname(packageFile()), 'lib', 'napi-v8', 'tfjs_binding.node')
}

function packageFile(): string {
  try {
    return require.resolve('@tensorflow/tfjs-node/package.json')
  } catch (error) {
    throw new AppError('engine-missing', 'The package @tensorflow/tfjs-node is not installed.', {
      fix: 'Run "npm run setup", then try again.',
      cause: error,
    })
  }
}

/** tfjs-node's generated protobuf classes; they come without types. */
export function loadProtobuf(): unknown {
  return require(join(dirname(packageFile()), 'dist', 'proto', 'api_pb.js')) as unknown
}
