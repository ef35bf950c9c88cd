import { strToU8, zipSync } from 'fflate'
import h5wasm from 'h5wasm/node'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe } from '../about'
import { readBytes, writeParts } from '../files'
import type { ExportFormat, ExportSource } from '../format'
import { kerasModel, type KerasModel } from '../keras/build'
import type { KerasNode, KerasValue } from '../keras/graph'
import { weightGroups } from '../keras/weights-file'
import { openKerasFile } from '../readers/keras-file'

/** The Keras whose format this is; later ones read it. */
const kerasVersion = '3.0.0'

/**
 * The whole network as a `.keras` file of Keras 3: config.json, metadata.json and model.weights.h5 in a zip. Pictures NHWC.
 * https://keras.io/guides/serialization_and_saving
 */
export const kerasFormat: ExportFormat = {
  id: 'keras',
  reference: 'tensorflow',
  async write(source, target) {
    const model = kerasModel(source, 'keras')
    const files = {
      'metadata.json': strToU8(JSON.stringify(metadata(source))),
      'config.json': strToU8(JSON.stringify(modelConfig(model, source))),
      'model.weights.h5': await weightsFile(model),
    }
    // Not packed: weights hardly get smaller. Zips know no time before 1980; always the same, for equal files.
    writeParts(target, [zipSync(files, { level: 0, mtime: '1980-01-01T00:00:00' })])
  },
  read: openKerasFile,
}

function metadata(source: ExportSource) {
  return { keras_version: kerasVersion, date_saved: '1980-01-01@00:00:00', convscope: describe(source, 'NHWC') }
}

function modelConfig({ nodes, input, output }: KerasModel, { network }: ExportSource) {
  return {
    module: 'keras.src.models.functional',
    class_name: 'Functional',
    config: {
      name: network.document.name.replaceAll(/[^A-Za-z0-9_-]+/g, '_'),
      trainable: true,
      layers: nodes.map(layerConfig),
      input_layers: [[input, 0, 0]],
      output_layers: [[output, 0, 0]],
    },
    registered_name: 'Functional',
    build_config: { input_shape: null },
  }
}

function layerConfig({ className, name, config, inputs }: KerasNode) {
  const tensors = inputs.map(tensorConfig)
  return {
    module: 'keras.layers',
    class_name: className,
    config: className === 'InputLayer' ? config : { dtype: 'float32', ...config },
    registered_name: null,
    name,
    // Layers that join several values take them as one list.
    inbound_nodes: tensors.length === 0 ? [] : [{ args: tensors.length > 1 ? [tensors] : tensors, kwargs: {} }],
  }
}

function tensorConfig({ name, shape }: KerasValue) {
  return {
    class_name: '__keras_tensor__',
    config: { shape: [null, ...shape], dtype: 'float32', keras_history: [name, 0, 0] },
  }
}

/** HDF5, written by its own library, which needs a file to write to. */
async function weightsFile({ nodes, output }: KerasModel): Promise<Uint8Array> {
  await h5wasm.ready
  const folder = mkdtempSync(join(tmpdir(), 'convscope-keras-'))
  try {
    const path = join(folder, 'model.weights.h5')
    const file = new h5wasm.File(path, 'w')
    const groups = weightGroups(nodes, output)
    const made = new Set<string>()
    function makeGroup(path: string): void {
      for (const end of [...path.matchAll(/\/|$/g)].map(({ index }) => path.slice(0, index))) {
        if (!made.has(end)) file.create_group(end)
        made.add(end)
      }
    }
    for (const { name, className, weights } of nodes) {
      const place = groups.get(name)
      if (place === undefined) continue
      const vars = `${place}/vars`
      if (weights.length > 0) makeGroup(vars)
      for (const [index, { tensor }] of weights.entries()) {
        file.create_dataset({ name: `${vars}/${index}`, data: tensor.values, shape: [...tensor.shape], dtype: '<f4' })
      }
      if (className.endsWith('Dropout') || className === 'SpatialDropout2D') {
        // What its masks would be drawn from, which a loaded layer asks for.
        makeGroup(`${place}/seed_generator/vars`)
        const data = Uint32Array.of(0, 0)
        file.create_dataset({ name: `${place}/seed_generator/vars/0`, data, shape: [2], dtype: '<I' })
      }
    }
    file.close()
    return readBytes(path)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
