import { AppError } from '../errors'
import { layerKinds } from '../layers/registry'
import { NetworkBuilder } from './builder'
import { activations, kerasLayers, type Config, type KerasStep } from './keras-layers'
import type { ImportResult } from './report'

interface KerasLayer {
  readonly className: string
  readonly name: string
  readonly config: Config
  /** Names of the layers before it; null in a Sequential model, where it is the one before. */
  readonly inputs: readonly string[] | null
}

/**
 * A network from the JSON of a Sequential or functional model of Keras 2 or 3 (`model.to_json()`). Throws
 * `invalid-input` where it is not that.
 */
export function importKeras(text: string): ImportResult {
  const { name, layers } = readModel(text)
  const builder = new NetworkBuilder()
  /** Our id that carries what a Keras layer gives out. */
  const outputs = new Map<string, string>()
  let last: string | undefined
  for (const layer of withInput(layers)) {
    const named = layer.inputs ?? (last === undefined ? [] : [last])
    const inputs = named.flatMap((from) => outputs.get(from) ?? [])
    last = layer.name
    if (layer.className === 'InputLayer') {
      outputs.set(layer.name, addInput(builder, layer))
      continue
    }
    const end = addLayer(builder, layer, inputs)
    if (end !== undefined) outputs.set(layer.name, end)
  }
  return builder.finish(name)
}

/** A Sequential model of Keras 2 may name the size of its pictures in its first layer. */
function withInput(layers: readonly KerasLayer[]): readonly KerasLayer[] {
  const [first] = layers
  if (!first || first.className === 'InputLayer' || first.inputs !== null) return layers
  const input: KerasLayer = { className: 'InputLayer', name: 'input', config: first.config, inputs: [] }
  return [input, ...layers]
}

function addInput(builder: NetworkBuilder, { name, config }: KerasLayer): string {
  const shape = config['batch_shape'] ?? config['batch_input_shape']
  const [, height, width, channels] = Array.isArray(shape) ? (shape as unknown[]) : []
  if ([height, width, channels].every((size) => typeof size === 'number')) {
    return builder.add(name, 'input', { height, width, channels }, [])
  }
  const said = JSON.stringify(shape) ?? 'nothing'
  builder.issue('unknown-option', name, `the input's shape is ${said}, not a picture's of fixed size`, { shape: said })
  return builder.add(name, 'input', {}, [])
}

function addLayer(builder: NetworkBuilder, layer: KerasLayer, inputs: readonly string[]): string | undefined {
  const { className, name, config } = layer
  const left = (why: string) => {
    builder.issue('unknown-layer', name, `${className} ${why}; it is left out`, { layer: className })
    return inputs[0]
  }
  if (config['data_format'] === 'channels_first') return left('has its channels first')
  const reader = kerasLayers[className]
  if (!reader) return left('has no layer kind')
  const steps = reader({
    config,
    shape: builder.shapeOf(inputs[0]),
    issue: (code, message, params = {}) => {
      builder.issue(code, name, message, params)
    },
  })
  if (!steps) return left('has options that no layer kind has')
  const wrong = steps.find(({ kind, params }) => !layerKinds.get(kind)?.params.safeParse(params).success)
  if (wrong) return left('has values that no layer kind takes')
  let entering = inputs
  for (const { kind, params, part } of [...steps, ...activationStep(builder, layer)]) {
    entering = [builder.add(part === undefined ? name : `${name}_${part}`, kind, params, entering)]
  }
  return entering[0]
}

/** `Conv2D(..., activation="relu")` is two layers here. */
function activationStep(builder: NetworkBuilder, { className, name, config }: KerasLayer): KerasStep[] {
  const activation = config['activation']
  if (className === 'Activation' || activation == null || activation === 'linear') return []
  const kind = typeof activation === 'string' ? activations[activation] : undefined
  if (kind !== undefined) return [{ kind, params: {}, part: kind }]
  const text = JSON.stringify(activation)
  builder.issue('unknown-option', name, `its activation ${text} is left out`, { option: 'activation', value: text })
  return []
}

function readModel(text: string): { name: string; layers: readonly KerasLayer[] } {
  const model = parseJson(text)
  const config = model['config']
  // Keras 1 and early 2 give a Sequential model's layers as a bare list.
  const list = isRecord(config) ? config['layers'] : config
  const classes = ['Sequential', 'Functional', 'Model']
  if (!classes.includes(String(model['class_name'])) || !Array.isArray(list)) {
    throw notKeras(`its class is ${String(model['class_name'])}`)
  }
  const sequential = model['class_name'] === 'Sequential'
  const layers = list.map((layer: unknown) => readLayer(layer, sequential))
  const name = isRecord(config) && typeof config['name'] === 'string' ? config['name'] : 'Keras model'
  return { name, layers }
}

function readLayer(value: unknown, sequential: boolean): KerasLayer {
  if (!isRecord(value) || !isRecord(value['config'])) throw notKeras('a layer has no config')
  const { class_name: className, config, inbound_nodes: nodes } = value
  const name = String(value['name'] ?? config['name'])
  return { className: String(className), name, config, inputs: sequential ? null : inboundNames(nodes) }
}

/** Keras 2: `[[[name, node, tensor, {}], ...]]`; Keras 3: tensors with a `keras_history` anywhere in the arguments. */
function inboundNames(nodes: unknown): string[] {
  const [first] = Array.isArray(nodes) ? (nodes as unknown[]) : []
  const names: string[] = []
  function visit(value: unknown): void {
    if (Array.isArray(value)) {
      const [name, node] = value as unknown[]
      if (typeof name === 'string' && typeof node === 'number') names.push(name)
      else value.forEach(visit)
    } else if (isRecord(value)) Object.values(value).forEach(visit)
  }
  visit(first)
  return names
}

function parseJson(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text)
    if (isRecord(value)) return value
  } catch (error) {
    throw notKeras('it is not JSON', error)
  }
  throw notKeras('it is not a JSON object')
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function notKeras(why: string, cause?: unknown): AppError {
  return new AppError('invalid-input', `The text is not the JSON of a Sequential or functional Keras model: ${why}.`, {
    fix: 'Take what model.to_json() gives.',
    params: { detail: why },
    ...(cause === undefined ? {} : { cause }),
  })
}
