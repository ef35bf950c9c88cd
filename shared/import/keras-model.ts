import { ImportFailure } from './failure'
import type { Config } from './keras-layers'

/** A Sequential or functional model, which may stand in another one as a layer. */
export interface KerasModel {
  readonly name: string
  readonly layers: readonly KerasLayer[]
  /** Names of the layers whose outputs leave it; empty for a Sequential model, where it is the last. */
  readonly outputs: readonly string[]
}

export interface KerasLayer {
  readonly className: string
  readonly name: string
  readonly config: Config
  /** Names of the layers before it; null in a Sequential model, where it is the one before. */
  readonly inputs: readonly string[] | null
  /** How often it is called. */
  readonly calls: number
  /** Where the layer is a model itself. */
  readonly model: KerasModel | null
}

const modelClasses = ['Sequential', 'Functional', 'Model']
const deepest = 20

/** Reads what `model.to_json()` of Keras 2 or 3 gives. Throws `not-json` or `not-keras`. */
export function readKerasModel(text: string): KerasModel {
  const value = parseJson(text)
  if (!isRecord(value)) throw notKeras('it is not a JSON object')
  const model = readModel(value, 0)
  if (!model) throw notKeras(`its class is ${String(value['class_name'])}`)
  return model
}

/** Null where it is no Sequential or functional model, such as a layer or a subclass of Model. */
function readModel({ class_name: className, config }: Record<string, unknown>, depth: number): KerasModel | null {
  // Keras 1 and early 2 give a Sequential model's layers as a bare list.
  const list = isRecord(config) ? config['layers'] : config
  if (!modelClasses.includes(String(className)) || !Array.isArray(list)) return null
  if (depth > deepest) throw notKeras('its models are nested too deeply')
  const sequential = className === 'Sequential'
  return {
    name: isRecord(config) && typeof config['name'] === 'string' ? config['name'] : 'Keras model',
    layers: list.map((layer: unknown) => readLayer(layer, sequential, depth)),
    outputs: isRecord(config) && !sequential ? tensorNames(config['output_layers']) : [],
  }
}

function readLayer(value: unknown, sequential: boolean, depth: number): KerasLayer {
  if (!isRecord(value) || value['config'] === undefined) throw notKeras('a layer has no config')
  const { class_name: className, inbound_nodes: nodes } = value
  const config = isRecord(value['config']) ? value['config'] : {}
  const calls = Array.isArray(nodes) ? (nodes as unknown[]) : []
  return {
    className: String(className),
    name: String(value['name'] ?? config['name']),
    config,
    inputs: sequential ? null : tensorNames(calls[0]),
    calls: Math.max(1, calls.length),
    model: readModel(value, depth + 1),
  }
}

/** Keras 2: `[[name, node, tensor, {}], ...]`; Keras 3: the same as a `keras_history` anywhere in the arguments. */
function tensorNames(value: unknown): string[] {
  const names: string[] = []
  function visit(inner: unknown): void {
    if (Array.isArray(inner)) {
      const [name, node] = inner as unknown[]
      if (typeof name === 'string' && typeof node === 'number') names.push(name)
      else inner.forEach(visit)
    } else if (isRecord(inner)) Object.values(inner).forEach(visit)
  }
  visit(value)
  return names
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(unquoted(text))
  } catch (error) {
    throw new ImportFailure('not-json', { detail: error instanceof Error ? error.message : '' }, error)
  }
}

/** As Python's prompt shows a text: in quotes, with its own quotes and backslashes escaped. */
function unquoted(text: string): string {
  const quoted = /^\s*'(\{.*\})'\s*$/s.exec(text)?.[1]
  return quoted === undefined ? text : quoted.replaceAll(/\\(['\\])/g, '$1')
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function notKeras(detail: string): ImportFailure {
  return new ImportFailure('not-keras', { detail })
}
