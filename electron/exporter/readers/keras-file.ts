import { tensor, tidy, type Tensor } from '@tensorflow/tfjs-core'
import h5wasm, { type File as HdfFile } from 'h5wasm/node'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { AppError } from '../../../shared/errors'
import { createEagerEngine } from '../../trainer/engines/eager/engine'
import { readBytes } from '../files'
import type { WrittenNetwork } from '../format'
import { weightGroups } from '../keras/weights-file'
import { kerasLayers } from './keras-layers'
import { parseZip } from './zip'

const layerSchema = z.object({
  class_name: z.string(),
  name: z.string(),
  config: z.record(z.string(), z.unknown()),
  inbound_nodes: z.array(z.object({ args: z.array(z.unknown()) })),
})
const modelSchema = z.object({
  class_name: z.literal('Functional'),
  config: z.object({
    layers: z.array(layerSchema),
    input_layers: z.array(z.tuple([z.string(), z.number(), z.number()])).length(1),
    output_layers: z.array(z.tuple([z.string(), z.number(), z.number()])).length(1),
  }),
})

interface Layer {
  readonly className: string
  readonly name: string
  readonly config: Readonly<Record<string, unknown>>
  readonly inputs: readonly { readonly name: string }[]
}

interface StoredWeight {
  readonly shape: readonly number[]
  readonly values: Float32Array
}

/**
 * Runs a `.keras` file as Keras does: config.json says the layers, HDF5's own library gives the weights, and each layer is
 * computed by the formula that Keras documents, on TensorFlow.js. Nothing of it knows of our layers.
 */
export async function openKerasFile(target: string): Promise<WrittenNetwork> {
  const files = parseZip(readBytes(target))
  const config = modelSchema.parse(
    JSON.parse(Buffer.from(content(files, 'config.json', target)).toString('utf8')),
  ).config
  const layers = config.layers.map((layer): Layer => {
    return {
      className: layer.class_name,
      name: layer.name,
      config: layer.config,
      inputs: histories(layer.inbound_nodes),
    }
  })
  const [input, output] = [config.input_layers[0]?.[0] ?? '', config.output_layers[0]?.[0] ?? '']
  const weights = await readWeights(content(files, 'model.weights.h5', target), weightGroups(layers, output))
  // TensorFlow.js needs a backend, which the engine in plain JavaScript starts.
  await createEagerEngine(null)
  const size = z.array(z.number().nullable()).parse(layers.find(({ name }) => name === input)?.config['batch_shape'])
  return {
    reader: 'h5wasm and Keras’ formulas on TensorFlow.js',
    run(pictures, count) {
      const shape = [count, ...size.slice(1).map(Number)]
      const outputs = tidy(() =>
        evaluate(layers, weights, input, output, tensor(pictures, shape)).dataSync<'float32'>(),
      )
      return Promise.resolve(outputs)
    },
    close: () => Promise.resolve(),
  }
}

function evaluate(
  layers: readonly Layer[],
  weights: ReadonlyMap<string, readonly StoredWeight[]>,
  input: string,
  output: string,
  pictures: Tensor,
): Tensor {
  const values = new Map<string, Tensor>([[input, pictures]])
  for (const { className, name, config, inputs } of layers) {
    if (name === input) continue
    const compute = kerasLayers[className]
    if (!compute) throw new AppError('internal', `the reader knows no layer ${className}`)
    const entering = inputs.map((from) => {
      const value = values.get(from.name)
      if (!value) throw new RangeError(`${name} comes before ${from.name}`)
      return value
    })
    const own = (weights.get(name) ?? []).map(({ shape, values: data }) => tensor(data, [...shape]))
    values.set(name, compute(entering, config, own))
  }
  const last = values.get(output)
  if (!last) throw new RangeError(`there is no layer ${output}`)
  return last
}

/** The names of the layers whose values enter: a `keras_history` anywhere in the arguments. */
function histories(nodes: z.infer<typeof layerSchema>['inbound_nodes']): { name: string }[] {
  const found: { name: string }[] = []
  function visit(value: unknown): void {
    if (Array.isArray(value)) value.forEach(visit)
    else if (typeof value === 'object' && value !== null) {
      const history = 'keras_history' in value ? value.keras_history : null
      if (Array.isArray(history)) found.push({ name: String(history[0]) })
      else Object.values(value).forEach(visit)
    }
  }
  visit(nodes)
  return found
}

async function readWeights(
  bytes: Uint8Array,
  groups: ReadonlyMap<string, string>,
): Promise<ReadonlyMap<string, readonly StoredWeight[]>> {
  await h5wasm.ready
  const folder = mkdtempSync(join(tmpdir(), 'convscope-keras-'))
  try {
    const path = join(folder, 'model.weights.h5')
    writeFileSync(path, bytes)
    const file = new h5wasm.File(path, 'r')
    const read = [...groups].map(([layer, group]) => [layer, listed(file, `${group}/vars`)] as const)
    file.close()
    return new Map(read)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function listed(file: HdfFile, group: string): StoredWeight[] {
  const found: StoredWeight[] = []
  for (let index = 0; ; index++) {
    const entry = file.get(`${group}/${index}`)
    if (!(entry instanceof h5wasm.Dataset)) return found
    const { value, shape } = entry
    if (!(value instanceof Float32Array) || shape === null) throw new Error(`${group}/${index} holds no float32`)
    found.push({ shape, values: value })
  }
}

function content(files: ReadonlyMap<string, Uint8Array>, name: string, target: string): Uint8Array {
  const bytes = files.get(name)
  if (!bytes) throw new Error(`${target} lacks ${name}`)
  return bytes
}
