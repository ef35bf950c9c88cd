import type { SoundNetwork } from '../network/analyze'
import { asImage, elementCount } from '../network/shape'
import type { OptimizerConfig, RunConfig } from '../training/config'
import { formatStatement } from './format'
import { call, changed, code, literal } from './python'
import { options, readIdx, readPictures, settings } from './training-parts'

/** The part of a Keras program below `build_model`. */
export function kerasTraining(network: SoundNetwork, config: RunConfig): string {
  const { height, width, channels } = asImage(network.input.shape) ?? { height: 1, width: 1, channels: 1 }
  const classes = elementCount(network.output.shape)
  const coupled = coupledDecay(config.optimizer)
  const parts = [
    loadWeights,
    settings(config, [height, width, channels]),
    readIdx,
    readPictures(config),
    toArrays(config, classes),
    initialize(config.init),
    ...(coupled === null ? [] : [coupled]),
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
  const hot = oneHot(config)
  return `def to_arrays(pictures, labels):
    """Bytes to what the model takes, and labels to what the loss takes."""
    if pictures.shape[1:] != INPUT_SHAPE:
        size = pictures.shape[1:]
        raise SystemExit(f"The network takes {INPUT_SHAPE}, the pictures are {size}.")
    x = (pictures.astype("float32") / 255 - PIXEL_MEAN) / PIXEL_STD
    return x, ${hot ? `keras.utils.to_categorical(labels, ${classes})` : 'labels'}`
}

function oneHot({ loss }: RunConfig): boolean {
  return loss.type === 'mse' || loss.label_smoothing > 0
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

const coupledName = 'CoupledDecay'

/** Keras' own weight_decay is AdamW's; PyTorch's other optimizers add it to the gradient. */
function coupledDecay(config: OptimizerConfig): string | null {
  if (config.type === 'adamw' || config.weight_decay === 0) return null
  return `class ${coupledName}(${optimizerClass(config)}):
    """Adds weight decay to the gradients, as torch.optim does."""

    def apply(self, grads, trainable_variables=None):
        variables = trainable_variables or self._trainable_variables
        grads = [g + ${config.weight_decay} * v for g, v in zip(grads, variables)]
        return super().apply(grads, trainable_variables)`
}

function optimizerClass({ type }: OptimizerConfig): string {
  const names = { sgd: 'SGD', momentum: 'SGD', nesterov: 'SGD', adam: 'Adam', adamw: 'AdamW', rmsprop: 'RMSprop' }
  return `keras.optimizers.${names[type]}`
}

function optimizer(config: OptimizerConfig): string {
  const callee = coupledDecay(config) === null ? optimizerClass(config) : coupledName
  const rate = [code('rate')]
  switch (config.type) {
    case 'sgd':
      return call(callee, rate)
    case 'momentum':
      return call(callee, rate, { momentum: config.momentum })
    case 'nesterov':
      return call(callee, rate, { momentum: config.momentum, nesterov: true })
    case 'adam':
    case 'adamw': {
      const { beta1: beta_1, beta2: beta_2, eps: epsilon } = config
      const chosen = changed({ beta_1, beta_2, epsilon }, { beta_1: 0.9, beta_2: 0.999 })
      return call(callee, rate, {
        ...chosen,
        ...(config.type === 'adamw' ? { weight_decay: config.weight_decay } : {}),
      })
    }
    case 'rmsprop':
      return call(callee, rate, { rho: config.alpha, epsilon: config.eps })
  }
}

function compile(config: RunConfig): string {
  const lines = [
    'def compile_model(model, steps_per_epoch, epochs):',
    ...formatStatement(4, `rate = ${rate(config)}`),
    ...formatStatement(4, `optimizer = ${optimizer(config.optimizer)}`),
    ...formatStatement(4, `loss = ${loss(config)}`),
    '    model.compile(optimizer, loss, metrics=["accuracy"])',
  ]
  return lines.join('\n')
}

function rate({ schedule }: RunConfig): string {
  const base = code('LEARNING_RATE')
  const of = 'keras.optimizers.schedules'
  switch (schedule.type) {
    case 'constant':
    case 'one-cycle':
    case 'plateau':
      return base.code
    case 'step': {
      const steps = code(`${schedule.step_size} * steps_per_epoch`)
      return call(`${of}.ExponentialDecay`, [base, steps, schedule.gamma], { staircase: true })
    }
    case 'cosine': {
      const least = { alpha: schedule.min_rate > 0 ? code(`${schedule.min_rate} / LEARNING_RATE`) : undefined }
      return call(`${of}.CosineDecay`, [base, code('epochs * steps_per_epoch')], least)
    }
  }
}

function loss(config: RunConfig): string {
  if (config.loss.type === 'mse') return 'keras.losses.MeanSquaredError()'
  const { label_smoothing } = config.loss
  return label_smoothing > 0
    ? call('keras.losses.CategoricalCrossentropy', [], { from_logits: true, label_smoothing })
    : call('keras.losses.SparseCategoricalCrossentropy', [], { from_logits: true })
}

function main(config: RunConfig): string {
  return `def main():
${options('model.weights.h5')}
    keras.utils.set_random_seed(SEED)
    model = build_model()
    initialize(model)
    if options.weights:
        load_weights(model, options.weights)
    x, y = to_arrays(*read_pictures(options.data, train=True))
    order = np.random.default_rng(SEED).permutation(len(x))
    x, y = x[order], y[order]
    kept = int(len(x) * VALIDATION_SPLIT)
    steps = -(-(len(x) - kept) // BATCH_SIZE)
    compile_model(model, steps, options.epochs)
    model.fit(
        x[: len(x) - kept],
        y[: len(x) - kept],
        batch_size=BATCH_SIZE,
        epochs=options.epochs,
        validation_data=(x[len(x) - kept :], y[len(x) - kept :]) if kept else None,
        shuffle=${literal(config.shuffle)},
        verbose=2,
    )
    test = to_arrays(*read_pictures(options.data, train=False))
    loss, accuracy = model.evaluate(*test, batch_size=512, verbose=0)
    print(f"test loss {loss:.4f}, accuracy {accuracy:.4f}")
    model.save_weights(options.output)
    print(f"saved {options.output}")`
}
