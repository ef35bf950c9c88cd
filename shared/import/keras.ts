import { layerKinds } from '../layers/registry'
import type { ImageShape } from '../network/shape'
import { NetworkBuilder } from './builder'
import { activations, kerasLayers, type KerasStep } from './keras-layers'
import { readKerasModel, type KerasLayer, type KerasModel } from './keras-model'
import { lookUp } from './look-up'
import type { ImportResult } from './report'

/**
 * A network from the JSON of a Sequential or functional model of Keras 2 or 3 (`model.to_json()`), models inside it as
 * well. `usual` is the size of pictures where the model leaves it open. Throws an `ImportFailure` where it is not that.
 */
export function importKeras(text: string, usual: ImageShape): ImportResult {
  const model = readKerasModel(text)
  const builder = new NetworkBuilder()
  new Reader(builder, usual).model(model, '', null)
  return builder.finish(model.name)
}

class Reader {
  constructor(
    private readonly builder: NetworkBuilder,
    private readonly usual: ImageShape,
  ) {}

  /** Adds a model's layers; `entering` is null for the whole, which has an input of its own. Gives what leaves it. */
  model(model: KerasModel, prefix: string, entering: readonly string[] | null): string | undefined {
    /** Our id that carries what a Keras layer gives out. */
    const outputs = new Map<string, string>()
    let [last] = entering ?? []
    let inputs = 0
    for (const layer of entering === null ? withInput(model.layers) : model.layers) {
      const named = layer.inputs?.flatMap((from) => outputs.get(from) ?? [])
      const end =
        layer.className === 'InputLayer'
          ? this.input(layer, prefix, entering, inputs++)
          : this.layer(layer, prefix, named ?? (last === undefined ? [] : [last]))
      if (end === undefined) continue
      outputs.set(layer.name, end)
      last = end
    }
    const [first, ...others] = model.outputs
    if (entering === null) for (const name of others) this.builder.issue('extra-output', name, {})
    return first === undefined ? last : outputs.get(first)
  }

  private input(
    { name, config }: KerasLayer,
    prefix: string,
    entering: readonly string[] | null,
    index: number,
  ): string | undefined {
    if (entering !== null) return entering[index]
    if (index > 0) {
      this.builder.issue('extra-input', name, {})
      return undefined
    }
    const shape = config['batch_shape'] ?? config['batch_input_shape']
    const sizes = Array.isArray(shape) ? (shape as unknown[]) : []
    const [, height, width, channels] = sizes.length === 4 ? sizes : []
    if (![height, width, channels].every((size) => typeof size === 'number')) {
      const shown = sizes.slice(1).map((size) => (typeof size === 'number' ? size : '?'))
      this.builder.issue('open-size', name, { shape: shown.join(' × ') || '?' })
    }
    return this.builder.addInput(prefix + name, { height, width, channels }, this.usual)
  }

  /** Gives what leaves the layer; what entered it where nothing of ours computes it. */
  private layer(layer: KerasLayer, prefix: string, inputs: readonly string[]): string | undefined {
    const { className, config, model, calls } = layer
    const name = prefix + layer.name
    const leaveOut = (code: 'unknown-layer' | 'unknown-settings' | 'channels-first') => {
      this.builder.issue(code, name, { layer: className })
      return inputs[0]
    }
    if (calls > 1) this.builder.issue('shared-layer', name, { layer: className, count: calls })
    if (model) return this.model(model, `${name}/`, inputs)
    if (config['data_format'] === 'channels_first') return leaveOut('channels-first')
    const reader = lookUp(kerasLayers, className)
    if (!reader) return leaveOut('unknown-layer')
    const steps = reader({
      config,
      shape: this.builder.shapeOf(inputs[0]),
      issue: (code) => this.builder.issue(code, name, {}),
    })
    if (!steps || !steps.every(isPossible)) return leaveOut('unknown-settings')
    let entering = inputs
    for (const { kind, params, part } of [...steps, ...this.activation(layer, name)]) {
      entering = [this.builder.add(part === undefined ? name : `${name}_${part}`, kind, params, entering)]
    }
    return entering[0]
  }

  /** `Conv2D(..., activation="relu")` is two layers here. */
  private activation({ className, config }: KerasLayer, name: string): KerasStep[] {
    const { activation } = config
    if (className === 'Activation' || activation == null || activation === 'linear') return []
    const kind = typeof activation === 'string' ? lookUp(activations, activation) : undefined
    if (kind !== undefined) return [{ kind, params: {}, part: kind }]
    const text = typeof activation === 'string' ? activation : JSON.stringify(activation)
    this.builder.issue('unknown-activation', name, { activation: text })
    return []
  }
}

function isPossible({ kind, params }: KerasStep): boolean {
  return layerKinds.get(kind)?.params.safeParse(params).success === true
}

/** A Sequential model of Keras 2 may name the size of its pictures in its first layer. */
function withInput(layers: readonly KerasLayer[]): readonly KerasLayer[] {
  const [first] = layers
  if (!first || first.className === 'InputLayer' || first.inputs !== null) return layers
  const named = first.model?.layers[0]?.config ?? first.config
  const input: KerasLayer = {
    className: 'InputLayer',
    name: 'input',
    config: named,
    inputs: null,
    calls: 1,
    model: null,
  }
  return [input, ...layers]
}
