import { toWire } from '../../errors'
import { readSafetensors } from '../../formats/safetensors'
import type { NamedTensor, NamedTensors } from '../../formats/tensors'
import { WeightFileFailure } from './failure'
import { splitName, type WeightRole } from './names'
import { namesInZip, readNpz } from './npz'
import { onnxTensors } from './onnx-tensors'

/** Also the endings of such files. */
export const weightFormats = ['safetensors', 'onnx', 'npz'] as const
export type WeightFormat = (typeof weightFormats)[number]

export interface FileTensor extends NamedTensor {
  readonly name: string
  /** What names or place say that it is in its layer; null where they say nothing. */
  readonly role: WeightRole | null
  /** Tensors of one layer have the same. */
  readonly group: string
}

export interface WeightFile {
  readonly name: string
  readonly format: WeightFormat
  /** In the order of the file's layers, as far as the file tells it. */
  readonly tensors: readonly FileTensor[]
  /** Entries that cannot be read. */
  readonly unread: readonly { readonly name: string; readonly reason: string }[]
  /** Kernels lie height, width, in, out, as in Keras and TensorFlow. */
  readonly channelsLast: boolean
}

/** PyTorch's BatchNorm counts its batches; nothing reads that. */
const counters = /(^|[./])num_batches_tracked$/

/** Reads a file of weights of any program. Data only: pickles are refused. Throws a `WeightFileFailure` that says what to do. */
export function readWeightFile(bytes: Uint8Array, name: string): WeightFile {
  const format = formatOf(bytes, name)
  const { tensors, unread } = read(bytes, name, format)
  if (tensors.length === 0) throw new WeightFileFailure('empty', { source: name })
  return { name, format, tensors, unread, channelsLast: isChannelsLast(tensors) }
}

/** Weights that are there already, such as those of an imported ONNX model. */
export function weightFileOf(name: string, format: WeightFormat, tensors: NamedTensors): WeightFile {
  const listed = described(tensors)
  return { name, format, tensors: listed, unread: [], channelsLast: false }
}

function formatOf(bytes: Uint8Array, name: string): WeightFormat {
  const extension = /\.([^.]+)$/.exec(name.toLowerCase())?.[1] ?? ''
  if (startsWith(bytes, 'PK')) {
    const names = namesInZip(bytes, name)
    if (names.some((file) => file.endsWith('data.pkl'))) throw new WeightFileFailure('pickled', { source: name })
    if (names.includes('model.weights.h5')) throw new WeightFileFailure('keras-archive', { source: name })
    if (names.some((file) => file.endsWith('.npy'))) return 'npz'
    throw new WeightFileFailure('unknown', { source: name })
  }
  if (startsWith(bytes, '\x89HDF')) throw new WeightFileFailure('keras-archive', { source: name })
  if (extension === 'onnx') return 'onnx'
  if (extension === 'safetensors' || bytes[8] === 0x7b) return 'safetensors'
  // A pickle begins with its protocol's number.
  if (bytes[0] === 0x80 || /^(pt|pth|pkl|pickle|ckpt)$/.test(extension)) {
    throw new WeightFileFailure('pickled', { source: name })
  }
  throw new WeightFileFailure('unknown', { source: name })
}

function read(bytes: Uint8Array, name: string, format: WeightFormat): Pick<WeightFile, 'tensors' | 'unread'> {
  try {
    switch (format) {
      case 'onnx':
        return { tensors: onnxTensors(bytes, name), unread: [] }
      case 'npz': {
        const { arrays, unread } = readNpz(bytes, name)
        return { tensors: described(arrays), unread }
      }
      case 'safetensors': {
        // The format sorts its tensors; as a person would count them they are nearer to the layers' order.
        const { tensors } = readSafetensors(bytes, name)
        const sorted = [...tensors].sort(([a], [b]) => a.localeCompare(b, 'en', { numeric: true }))
        return { tensors: described(new Map(sorted)), unread: [] }
      }
    }
  } catch (error) {
    if (error instanceof WeightFileFailure) throw error
    throw new WeightFileFailure('damaged', { source: name, detail: toWire(error).message }, error)
  }
}

function described(tensors: ReadonlyMap<string, NamedTensor>): FileTensor[] {
  return [...tensors].flatMap(([name, { shape, values }]) => {
    if (counters.test(name)) return []
    const { layer, role } = splitName(name)
    return [{ name, shape, values, role, group: role === null ? name : layer }]
  })
}

function startsWith(bytes: Uint8Array, text: string): boolean {
  return [...text].every((letter, index) => bytes[index] === letter.charCodeAt(0))
}

/** Kernels are small; so the two sizes that are tell where height and width lie. Keras calls them kernels. */
function isChannelsLast(tensors: readonly FileTensor[]): boolean {
  let votes = 0
  for (const { name, shape } of tensors) {
    if (/kernel(:0)?$/.test(name)) votes++
    const [a = 0, b = 0, c = 0, d = 0] = shape
    if (shape.length !== 4) continue
    if (a === b && c !== d) votes++
    else if (c === d && a !== b) votes--
  }
  return votes > 0
}
