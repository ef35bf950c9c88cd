import { loadLayersModel, version_layers } from '@tensorflow/tfjs-layers'
import { tensor, tidy, type io, type Tensor } from '@tensorflow/tfjs-core'
import { join } from 'node:path'
import { createEagerEngine } from '../../trainer/engines/eager/engine'
import { describe } from '../about'
import { makeFolder, readBytes, writeParts, writeText } from '../files'
import type { ExportFormat, ExportSource } from '../format'
import { kerasModel, type KerasModel } from '../keras/build'
import type { KerasNode } from '../keras/graph'

const files = { model: 'model.json', weights: 'weights.bin' } as const

/**
 * A folder with a layers model of TensorFlow.js: model.json and weights.bin, pictures NHWC.
 * https://www.tensorflow.org/js/guide/save_load
 */
export const tfjsFormat: ExportFormat = {
  id: 'tfjs',
  reference: 'tensorflow',
  write(source, target) {
    const model = kerasModel(source, 'tfjs')
    const weights = model.nodes.flatMap(({ name, weights }) =>
      weights.map((weight) => ({ name: `${name}/${weight.name}`, ...weight.tensor })),
    )
    makeFolder(target)
    const parts = weights.map(({ values }) => new Uint8Array(values.buffer, values.byteOffset, values.byteLength))
    writeParts(join(target, files.weights), parts)
    const manifest = weights.map(({ name, shape }) => ({ name, shape, dtype: 'float32' }))
    writeText(join(target, files.model), JSON.stringify(modelJson(model, manifest, source)))
    return Promise.resolve()
  },
  async read(target, { network }) {
    // TensorFlow.js needs a backend, which the engine in plain JavaScript starts.
    await createEagerEngine(null)
    const model = await loadLayersModel({ load: () => Promise.resolve(artifacts(target)) })
    return {
      reader: `TensorFlow.js layers ${version_layers}`,
      run(pictures, count) {
        const outputs = tidy(() => {
          const result = model.predict(tensor(pictures, [count, ...network.input.shape])) as Tensor
          return result.dataSync<'float32'>()
        })
        return Promise.resolve(outputs)
      },
      close() {
        model.dispose()
        return Promise.resolve()
      },
    }
  },
}

function modelJson({ nodes, input, output }: KerasModel, weights: readonly object[], source: ExportSource) {
  return {
    format: 'layers-model',
    generatedBy: `Convscope ${source.about.version}`,
    convertedBy: null,
    modelTopology: {
      keras_version: '2.15.0',
      backend: 'tensorflow',
      model_config: {
        class_name: 'Functional',
        config: {
          name: source.network.document.name.replaceAll(/[^A-Za-z0-9_-]+/g, '_'),
          layers: nodes.map(layerJson),
          input_layers: [[input, 0, 0]],
          output_layers: [[output, 0, 0]],
        },
      },
    },
    weightsManifest: [{ paths: [files.weights], weights }],
    userDefinedMetadata: describe(source, 'NHWC'),
  }
}

function layerJson({ className, name, config, inputs }: KerasNode) {
  return {
    class_name: className,
    name,
    config: className === 'InputLayer' ? config : { trainable: true, dtype: 'float32', ...config },
    inbound_nodes: inputs.length === 0 ? [] : [inputs.map((from) => [from.name, 0, 0, {}])],
  }
}

/** As a page's own loader would: the JSON's manifest says what lies where in the file of weights. */
function artifacts(folder: string): io.ModelArtifacts {
  const json = JSON.parse(Buffer.from(readBytes(join(folder, files.model))).toString('utf8')) as io.ModelJSON
  const [group] = json.weightsManifest
  if (!group) throw new Error(`${folder} names no weights`)
  const bytes = group.paths.map((path) => readBytes(join(folder, path)))
  return {
    modelTopology: json.modelTopology,
    format: 'layers-model',
    weightSpecs: group.weights,
    weightData: bytes.map(({ buffer }) => buffer),
  }
}
