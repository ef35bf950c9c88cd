import { checkWeights } from '../trainer/engines/weights/check'
import type { NamedTensors } from '../../shared/formats/tensors'
import type { ExportSource, WrittenNetwork } from './format'
import { openNetwork } from './run-network'

/**
 * A file that holds weights only, run on the engine in plain JavaScript; the app's own outputs come from TensorFlow. Throws
 * `invalid-input` naming a weight that the file lacks.
 */
export async function runWeights(
  { network }: ExportSource,
  weights: NamedTensors,
  reader: string,
): Promise<WrittenNetwork> {
  const running = await openNetwork(network, checkWeights(network, weights), 'eager')
  return {
    reader: `${reader}, ${running.engine}`,
    run: (pictures, count) => Promise.resolve(running.run(pictures, count)),
    close: () => Promise.resolve(running.close()),
  }
}
