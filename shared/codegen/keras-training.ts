import type { SoundNetwork } from '../network/analyze'
import { asImage, elementCount } from '../network/shape'
import type { RunConfig } from '../training/config'
import { formatStatement } from './format'
import { loss, lossFunctions, takesOneHot } from './keras-loss'
import { coupledDecay, optimizer } from './keras-optimizer'
import { plateauCallback, rate, rateClasses } from './keras-rate'
import { call, changed, code, literal } from './python'
import { options, readIdx, readPictures, settings } from './training-parts'

/** The part of a Keras program below `build_model`. */
export function kerasTraining(network: SoundNetwork, config: RunConfig): string {
  const { height, width, channels } = asImage(network.input.shape) ?? { height: 1, width: 1, channels: 1 }
  const classes = elementCount(network.output.shape)
  const coupled = coupledDecay(config)
  const parts = [
    loadWeights,
    settings(config, [height, width, channels]),
    readIdx,
    readPictures(config),
    toArrays(config, classes),
    initialize(config.init),
    ...(coupled === null ? [] : [coupled]),
    ...rateClasses(config),
    ...lossFunctions(config, classes),
    compile(config),
    main(config),
    'if __name__ == "__main__":\n    main()',
  ]
  return parts.join('\n\n\n')
}

const loadWeights = `def load_weights(model, path):
    """Loads a safetensors file with PyTorch's names and layouts."""
    from safetensors.numpy import load_file  # pip install safetensors

    set_weights(model, load_file(path))


def set_weights(model, tensors):
    """Sets every weight from arrays with PyTorch's names and layouts."""
    names = {"kernel": "weight", "gamma": "weight", "alpha": "weight", "beta": "bias"}
    names |= {"moving_mean": "running_mean", "moving_variance": "running_var"}
    left = {name for name in tensors if not name.endswith(".num_batches_tracked")}
    for layer in model.layers:
        for variable in layer.weights:
            if "seed" in variable.name:
                continue
            attribute = names.get(variable.name, variable.name)
            path = layer.name.removesuffix("-layer").replace("-", ".")
            name = f"{path}.{attribute}"
            variable.assign(to_keras(layer, tensors[name], variable.shape))
            left.discard(name)
    if left:
        raise ValueError(f"These tensors belong to no layer: {sorted(left)}")


def to_keras(layer, values, shape):
    if type(layer).__name__ == "GroupedConv2DTranspose" and values.ndim == 4:
        _, out, *size = values.shape
        values = values.reshape(layer.groups, -1, out, *size)[..., ::-1, ::-1]
        values = values.transpose(3, 4, 1, 0, 2)
    elif values.ndim == 4:  # OIHW to HWIO
        values = values.transpose(2, 3, 1, 0)
    elif values.ndim == 3:  # CHW to HWC
        values = values.transpose(1, 2, 0)
    elif values.ndim == 2:
        values = values.T
    return values.reshape(shape)`

function toArrays(config: RunConfig, classes: number): string {
  const hot = takesOneHot(config)
  return `def to_arrays(pictures, labels):
    """Bytes to what the model takes, and labels to what the loss takes."""
    if pictures.shape[1:] != INPUT_SHAPE:
        size = pictures.shape[1:]
        raise SystemExit(f"The network takes {INPUT_SHAPE}, the pictures are {size}.")
    x = (pictures.astype("float32") / 255 - PIXEL_MEAN) / PIXEL_STD
    return x, ${hot ? `keras.utils.to_categorical(labels, ${classes})` : 'labels'}`
}

/** All uniform, as `initialWeights` of the engines draws them. */
function initialize(init: RunConfig['init']): string {
  const bound = { pytorch: 'fan_in**-0.5', glorot: '(6 / (fan_in + fan_out)) ** 0.5', he: '(6 / fan_in) ** 0.5' }[init]
  const source = { pytorch: 'as torch.nn does', glorot: 'as Glorot and Bengio 2010', he: 'as He et al. 2015' }[init]
  const lines = [
    'def initialize(model):',
    `    """Starts kernels ${source}."""`,
    '    random = np.random.default_rng(SEED)',
    '    for layer in model.layers:',
    '        kernel = getattr(layer, "kernel", None)',
    '        if kernel is None:',
    '            continue',
    '        fan_in = int(np.prod(kernel.shape[:-1]))',
    ...(init === 'glorot' ? ['        fan_out = int(np.prod(kernel.shape[:-2])) * kernel.shape[-1]'] : []),
    `        bound = ${bound}`,
    '        kernel.assign(random.uniform(-bound, bound, kernel.shape))',
    ...(init === 'pytorch'
      ? ['        if layer.use_bias:', '            layer.bias.assign(random.uniform(-bound, bound, layer.bias.shape))']
      : []),
  ]
  return lines.join('\n')
}

function compile(config: RunConfig): string {
  const lines = [
    `def compile_model(model, steps_per_epoch, epochs${config.class_weights === null ? '' : ', weights'}):`,
    ...formatStatement(4, `rate = ${rate(config)}`),
    ...formatStatement(4, `optimizer = ${optimizer(config)}`),
    ...formatStatement(4, `loss = ${loss(config)}`),
    '    model.compile(optimizer, loss, metrics=["accuracy"])',
  ]
  return lines.join('\n')
}

function main(config: RunConfig): string {
  const weighted = config.class_weights !== null
  const callbacks = callbackLines(config)
  const lines = [
    'def main():',
    options('model.weights.h5'),
    '    keras.utils.set_random_seed(SEED)',
    '    model = build_model()',
    '    initialize(model)',
    '    if options.weights:',
    '        load_weights(model, options.weights)',
    '    x, y = to_arrays(*read_pictures(options.data, train=True))',
    '    order = np.random.default_rng(SEED).permutation(len(x))',
    '    x, y = x[order], y[order]',
    '    kept = int(len(x) * VALIDATION_SPLIT)',
    '    steps = -(-(len(x) - kept) // BATCH_SIZE)',
    ...(weighted ? ['    weights = class_weights(y[: len(x) - kept])'] : []),
    `    compile_model(model, steps, options.epochs${weighted ? ', weights' : ''})`,
    ...callbacks,
    '    model.fit(',
    '        x[: len(x) - kept],',
    '        y[: len(x) - kept],',
    '        batch_size=BATCH_SIZE,',
    '        epochs=options.epochs,',
    '        validation_data=(x[len(x) - kept :], y[len(x) - kept :]) if kept else None,',
    `        shuffle=${literal(config.shuffle)},`,
    ...(callbacks.length > 0 ? ['        callbacks=callbacks,'] : []),
    '        verbose=2,',
    '    )',
    '    test = to_arrays(*read_pictures(options.data, train=False))',
    '    loss, accuracy = model.evaluate(*test, batch_size=512, verbose=0)',
    '    print(f"test loss {loss:.4f}, accuracy {accuracy:.4f}")',
    '    model.save_weights(options.output)',
    '    print(f"saved {options.output}")',
  ]
  return lines.join('\n')
}

/** What watches a run between its epochs; no line where nothing does. */
function callbackLines(config: RunConfig): string[] {
  const { early_stopping: stopping } = config
  const plateau = plateauCallback(config)
  const lines = ['    callbacks = []']
  if (plateau !== null) {
    lines.push('    watched = "val_loss" if kept else "loss"')
    lines.push(...formatStatement(4, `callbacks.append(${plateau})`))
  }
  if (stopping) {
    const { monitor, patience, min_delta, restore_best } = stopping
    const keywords = {
      patience,
      ...changed({ min_delta, restore_best_weights: restore_best }, { min_delta: 0, restore_best_weights: false }),
      ...(monitor === 'accuracy' ? { mode: 'max' } : {}),
    }
    lines.push(`    watched = "val_${monitor}" if kept else "${monitor}"`)
    lines.push(
      ...formatStatement(4, `callbacks.append(${call('keras.callbacks.EarlyStopping', [code('watched')], keywords)})`),
    )
  }
  return lines.length === 1 ? [] : lines
}
