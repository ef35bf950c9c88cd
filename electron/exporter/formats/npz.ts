import { zipSync } from 'fflate'
import { AppError } from '../../../shared/errors'
import { readNpy, writeNpy } from '../../../shared/formats/npy'
import { readBytes, writeParts } from '../files'
import type { ExportFormat } from '../format'
import { parseZip } from '../readers/zip'
import { runWeights } from '../run-weights'

/** What a zip archive without its 64-bit extension can hold. */
const longestArchive = 2 ** 32 - 2 ** 20

/** Earlier than 1980 cannot be written in a zip; always the same, so that equal weights make equal files. */
const mtime = '1980-01-01T00:00:00'

/** Weights by PyTorch's names and in its layouts, for `numpy.load`: a zip of one .npy each. */
export const npzFormat: ExportFormat = {
  id: 'npz',
  reference: 'tensorflow',
  write({ weights }, target) {
    const bytes = [...weights.values()].reduce((sum, { values }) => sum + values.byteLength, 0)
    if (bytes > longestArchive) {
      throw new AppError('invalid-input', `The weights take ${bytes} bytes, more than an .npz file can hold.`, {
        fix: 'Export them as safetensors.',
        params: { bytes },
      })
    }
    const files = [...weights].map(([name, tensor]) => [`${name}.npy`, writeNpy(tensor)] as const)
    // Not packed: weights are close to noise and hardly get smaller.
    writeParts(target, [zipSync(Object.fromEntries(files), { level: 0, mtime })])
    return Promise.resolve()
  },
  read(target, source) {
    const tensors = [...parseZip(readBytes(target))].map(
      ([name, bytes]) => [name.replace(/\.npy$/, ''), readNpy(bytes, name)] as const,
    )
    return runWeights(source, new Map(tensors), 'zip and NumPy’s format')
  },
}
