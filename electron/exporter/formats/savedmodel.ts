import { join } from 'node:path'
import { AppError } from '../../../shared/errors'
import { openServingModel, servingModel } from '../../trainer/engines/tensorflow/serving-model'
import { describe } from '../about'
import { makeFolder, readBytes, writeParts, writeText } from '../files'
import type { ExportFormat } from '../format'

/** The most that one protobuf message may be. */
const longestModel = 2 ** 31 - 2 ** 20

/**
 * A folder for TensorFlow: the graph with its weights as constants, and the signature `serving_default` from `pictures`
 * [N, H, W, C] to `outputs`. Of operators that TensorFlow 2.7 has too. It needs TensorFlow to be written.
 */
export const savedModelFormat: ExportFormat = {
  id: 'savedmodel',
  // What writes and runs it is TensorFlow itself.
  reference: 'eager',
  write(source, target) {
    const bytes = [...source.weights.values()].reduce((sum, { values }) => sum + values.byteLength, 0)
    if (bytes > longestModel) {
      throw new AppError('invalid-input', `The weights take ${bytes} bytes, more than a graph can hold as constants.`, {
        fix: 'Export them as Keras or safetensors.',
        params: { bytes },
      })
    }
    const model = servingModel(source.network, source.weights)
    makeFolder(target)
    // As TensorFlow writes it: loaders look for the folder even where nothing is in it.
    makeFolder(join(target, 'variables'))
    writeParts(join(target, 'saved_model.pb'), [model])
    const lines = Object.entries(describe(source, 'NHWC')).map(([name, value]) => `- ${name}: ${value}`)
    const use = 'model = tf.saved_model.load(folder).signatures["serving_default"]; model(pictures=x)["outputs"]'
    writeText(join(target, 'README.md'), `# SavedModel\n\n${lines.join('\n')}\n- use: \`${use}\`\n`)
    return Promise.resolve()
  },
  read(target, { network }) {
    const model = openServingModel(target, readBytes(join(target, 'saved_model.pb')))
    return Promise.resolve({
      reader: model.version,
      run: (pictures, count) => Promise.resolve(model.run(pictures, [count, ...network.input.shape])),
      close: () => Promise.resolve(model.close()),
    })
  },
}
