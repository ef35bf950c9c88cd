import { AppError } from '../../errors'
import type { ImportParams } from '../report'

/** Why a file of weights is not read, and what to do. Closed, for translation; `{…}` are filled from the params. */
const failures = {
  pickled: [
    '{source} is pickled: reading it would run whatever program is in it.',
    'Save it in PyTorch as data: safetensors.torch.save_file(model.state_dict(), "weights.safetensors").',
  ],
  'keras-archive': [
    '{source} is an archive of Keras, which is not read here.',
    'Save the weights in Keras as NumPy: np.savez("weights.npz", **dict((w.path, w.numpy()) for w in model.weights)).',
  ],
  unknown: ['{source} is neither safetensors, nor ONNX, nor npz.', 'Choose a file of one of these kinds.'],
  damaged: ['{source} cannot be read: {detail}', 'Save the weights again, or choose another file.'],
  'too-large': ['{source} has {size} bytes; files up to {most} are read.', 'Choose a smaller file.'],
  empty: ['{source} holds no weights.', 'Choose another file.'],
} as const satisfies Readonly<Record<string, readonly [message: string, fix: string]>>

export type WeightFileCode = keyof typeof failures

/** `code` names the translated sentences, `params` fill them. */
export class WeightFileFailure extends AppError {
  readonly code: WeightFileCode

  constructor(code: WeightFileCode, params: ImportParams = {}, cause?: unknown) {
    const [message, fix] = failures[code]
    const filled = message.replaceAll(/\{(\w+)\}/g, (_place, name: string) => String(params[name] ?? ''))
    super('invalid-input', filled, { fix, params, cause })
    this.name = 'WeightFileFailure'
    this.code = code
  }
}
