import { writeSafetensors } from '../../../shared/formats/safetensors'
import { describe } from '../about'
import { readBytes, writeParts } from '../files'
import type { ExportFormat } from '../format'
import { parseSafetensors } from '../readers/safetensors'
import { runWeights } from '../run-weights'

/** Weights by PyTorch's names and in its layouts, for `load_state_dict`. https://github.com/huggingface/safetensors */
export const safetensorsFormat: ExportFormat = {
  id: 'safetensors',
  reference: 'tensorflow',
  write(source, target) {
    writeParts(target, [writeSafetensors(source.weights, describe(source, 'NCHW'))])
    return Promise.resolve()
  },
  read: (target, source) => runWeights(source, parseSafetensors(readBytes(target)), 'DataView'),
}
