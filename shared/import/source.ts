import { ImportFailure } from './failure'

export type TextFormat = 'pytorch' | 'keras'

/** Larger files are refused: they would have to be held in memory several times over. */
export const mostImportBytes = 256 * 2 ** 20
const mostTextBytes = 16 * 2 ** 20

/** Endings of files that may hold a network of another program. */
export const importExtensions = ['onnx', 'json', 'txt', 'py'] as const

export type ImportFileContent = { readonly type: 'onnx' } | { readonly type: 'text'; readonly text: string }

/**
 * What a file holds, by its ending and its first bytes. Throws an `ImportFailure` for archives of weights, which hold no
 * layers that can be read, and for what is neither a text nor an ONNX model.
 */
export function fileContent(name: string, bytes: Uint8Array): ImportFileContent {
  const extension = /\.([^.]+)$/.exec(name.toLowerCase())?.[1] ?? ''
  if (bytes.length === 0) throw new ImportFailure('empty')
  if (extension === 'onnx') return { type: 'onnx' }
  const isArchive = startsWith(bytes, 'PK') || startsWith(bytes, '\x89HDF')
  if (/^(keras|h5|hdf5)$/.test(extension) || startsWith(bytes, '\x89HDF'))
    throw new ImportFailure('keras-weights', { source: name })
  if (/^(pt|pth|ckpt|bin|pkl|safetensors)$/.test(extension) || isArchive) {
    throw new ImportFailure('pytorch-weights', { source: name })
  }
  if (bytes.length > mostTextBytes) throw new ImportFailure('too-large', { source: name, most: mostTextBytes })
  const text = decode(bytes)
  if (text === null || text.includes('\0')) throw new ImportFailure('not-text', { source: name })
  return { type: 'text', text }
}

/** Whether a text is one of our own files, damaged or not. */
export function isNetworkDocument(text: string): boolean {
  return /"format"\s*:\s*"convscope\.network"/.test(text)
}

/** Which program a text comes from. Throws an `ImportFailure` that says what to take in its place where it is neither. */
export function detectFormat(text: string): TextFormat {
  const trimmed = text.trim()
  if (isNetworkDocument(trimmed)) throw new ImportFailure('convscope-network')
  if (/^'?[{[]/.test(trimmed) || /"class_name"\s*:/.test(trimmed)) return 'keras'
  if (/\bLayer \(type\b/.test(trimmed)) throw new ImportFailure('summary-table')
  if (/\bkeras\b/.test(trimmed) || /\blayers\.[A-Z]\w*\(/.test(trimmed)) throw new ImportFailure('keras-source')
  if (/\bSequential\s*\(/.test(trimmed) || /\(\w+(?:-\w+)?\):/.test(trimmed)) return 'pytorch'
  if (/\bnn\.Module\b/.test(trimmed)) throw new ImportFailure('python-class')
  throw new ImportFailure('unknown-text')
}

function startsWith(bytes: Uint8Array, text: string): boolean {
  return [...text].every((letter, index) => bytes[index] === letter.charCodeAt(0))
}

/** UTF-8, or UTF-16 with its mark, as PowerShell redirects a program's output; null where it is neither. */
function decode(bytes: Uint8Array): string | null {
  const encoding = bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : 'utf-8'
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes)
  } catch {
    return null
  }
}
