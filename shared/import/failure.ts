import { AppError } from '../errors'
import type { ImportParams } from './report'

/** Why nothing at all could be imported: what it was, and what to do, in English. Closed, for translation. */
const failures = {
  empty: ['There is nothing to read.', 'Paste a text, or choose a file.'],
  'too-large': ['{source} is too large to be imported.', 'Choose a smaller file.'],
  'unknown-text': [
    'The text is neither a PyTorch model nor the JSON of a Keras model.',
    'Paste what print(model) shows, an nn.Sequential(...) or what model.to_json() gives.',
  ],
  'not-text': ['{source} is neither an ONNX model nor a text.', 'Choose an .onnx, .json, .txt or .py file.'],
  'not-pytorch': [
    'The text holds no nn.Sequential(...) and is not what print(model) shows.',
    'Paste the whole text that print(model) shows, or an nn.Sequential(...) of torch.nn modules.',
  ],
  'python-syntax': [
    'Line {line} of the text cannot be read at "{found}": {wanted} should stand there.',
    'Paste the whole text that print(model) shows, or an nn.Sequential(...) of torch.nn modules.',
  ],
  'python-class': [
    'The text is the source of a class, whose forward is a program.',
    'Run print(model) and paste what it shows, or export the model as ONNX.',
  ],
  'keras-source': [
    'The text is the source of a Keras model, which is a program.',
    'Run print(model.to_json()) and paste what it shows.',
  ],
  'summary-table': [
    'The text is a table of layers and sizes, which leaves out their settings.',
    'Paste what print(model) shows in PyTorch, or print(model.to_json()) in Keras.',
  ],
  'convscope-network': ['This is a network of Convscope.', 'Open it: File, Open.'],
  'not-json': ['The text is not JSON: {detail}', 'Paste the whole text that print(model.to_json()) shows.'],
  'not-keras': [
    'The text is not the JSON of a Sequential or functional Keras model: {detail}.',
    'Paste what print(model.to_json()) shows.',
  ],
  'not-onnx': ['{source} is not a sound ONNX file.', 'Export the model again, or choose another file.'],
  'onnx-external': [
    'The weights of {source} lie in another file ("{tensor}").',
    'Export the model with its weights inside: torch.onnx.export(..., external_data=False).',
  ],
  'onnx-tensor': [
    '{source}: the tensor "{tensor}" is of a type or size that cannot be read.',
    'Export the model with 32-bit floating point weights.',
  ],
  'pytorch-weights': [
    '{source} holds weights or a pickled object, not the layers.',
    'Export the model as ONNX, or paste what print(model) shows.',
  ],
  'keras-weights': [
    '{source} is an archive of Keras, which is not read here.',
    'Load it in Keras, run print(model.to_json()) and paste what it shows.',
  ],
} as const satisfies Readonly<Record<string, readonly [message: string, fix: string]>>

export type ImportFailureCode = keyof typeof failures

/** Nothing could be imported. `code` names the translated sentences, `params` fill them. */
export class ImportFailure extends AppError {
  readonly code: ImportFailureCode

  constructor(code: ImportFailureCode, params: ImportParams = {}, cause?: unknown) {
    const [message, fix] = failures[code]
    const filled = message.replaceAll(/\{(\w+)\}/g, (_place, name: string) => String(params[name] ?? ''))
    super('invalid-input', filled, { fix, params, cause })
    this.name = 'ImportFailure'
    this.code = code
  }
}
