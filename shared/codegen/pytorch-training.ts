import type { SoundNetwork } from '../network/analyze'
import { asImage, elementCount } from '../network/shape'
import type { RunConfig } from '../training/config'
import { trainingLoop } from './pytorch-loop'
import { classWeights, evaluate, lossFunction } from './pytorch-loss'
import { options, readIdx, readPictures, settings } from './training-parts'

/** The part of a PyTorch program below the module, whose class is called `name`. */
export function pytorchTraining(network: SoundNetwork, name: string, config: RunConfig): string {
  const { height, width, channels } = asImage(network.input.shape) ?? { height: 1, width: 1, channels: 1 }
  const classes = elementCount(network.output.shape)
  const weights = classWeights(config, classes)
  const parts = [
    settings(config, [channels, height, width]),
    readIdx,
    readPictures(config),
    toTensors,
    ...(config.init === 'pytorch' ? [] : [initialize(config.init)]),
    lossFunction(config, classes),
    ...(weights === null ? [] : [weights]),
    evaluate(config),
    trainingLoop(config),
    main(name, config),
    'if __name__ == "__main__":\n    main()',
  ]
  return parts.join('\n\n\n')
}

const toTensors = `def to_tensors(pictures, labels):
    """Bytes to what the network takes: [count, channels, height, width]."""
    x = (torch.from_numpy(pictures.copy()).float() / 255 - PIXEL_MEAN) / PIXEL_STD
    x = x.permute(0, 3, 1, 2).contiguous()
    size = tuple(x.shape[1:])
    if size != INPUT_SHAPE:
        raise SystemExit(f"The network takes {INPUT_SHAPE}, the pictures are {size}.")
    return torch.utils.data.TensorDataset(x, torch.from_numpy(labels))`

function initialize(init: 'glorot' | 'he'): string {
  const [source, kernel] =
    init === 'glorot'
      ? ['Glorot and Bengio 2010', 'nn.init.xavier_uniform_(module.weight)']
      : ['He et al. 2015', 'nn.init.kaiming_uniform_(module.weight, nonlinearity="relu")']
  return `def initialize(network):
    """${source}; biases start at 0."""
    for module in network.modules():
        if isinstance(module, (nn.Conv2d, nn.ConvTranspose2d, nn.Linear)):
            ${kernel}
            if module.bias is not None:
                nn.init.zeros_(module.bias)`
}

function main(name: string, config: RunConfig): string {
  const weighted = config.class_weights !== null
  const argument = weighted ? ', weights' : ''
  const weigh = weighted
    ? '\n    labels = data.tensors[1][training.indices]\n    weights = class_weights(labels).to(device)'
    : ''
  const initialise = config.init === 'pytorch' ? '' : '\n    initialize(network)'
  return `def main():
    from safetensors.torch import load_file, save_file  # pip install safetensors

${options('weights.safetensors')}
    torch.manual_seed(SEED)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    network = ${name}()${initialise}
    if options.weights:
        network.load_state_dict(load_file(options.weights), strict=True)
    network.to(device)
    data = to_tensors(*read_pictures(options.data, train=True))
    kept = int(len(data) * VALIDATION_SPLIT)
    training, validation = torch.utils.data.random_split(data, [len(data) - kept, kept])${weigh}
    train(network, training, validation, options.epochs, device${argument})
    test = to_tensors(*read_pictures(options.data, train=False))
    loss, accuracy = evaluate(network, test, device${argument})
    print(f"test loss {loss:.4f}, accuracy {accuracy:.4f}")
    save_file(network.state_dict(), options.output)
    print(f"saved {options.output}")`
}
