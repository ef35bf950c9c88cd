import { catalogue } from '../data/catalogue'
import { pixelMean, pixelStd } from '../data/dataset'
import type { RunConfig } from '../training/config'
import { literal } from './python'

/** Reading IDX files; needs `gzip`, `pathlib` and `np`. */
export const readIdx = `def read_idx(folder, name):
    """An IDX file of bytes, packed by gzip or not, as an array."""
    path = pathlib.Path(folder) / name
    packed = path.with_name(path.name + ".gz")
    if packed.exists():
        data = gzip.decompress(packed.read_bytes())
    else:
        data = path.read_bytes()
    sizes = [int.from_bytes(data[4 + 4 * i : 8 + 4 * i], "big") for i in range(data[3])]
    return np.frombuffer(data, np.uint8, offset=4 + 4 * len(sizes)).reshape(sizes)`

/** Pictures as bytes; `torchvision` downloads them where no folder is named. Needs `read_idx`. */
export function readPictures(config: RunConfig): string {
  const set = { mnist: 'MNIST', 'fashion-mnist': 'FashionMNIST' }[config.dataset]
  return `def read_pictures(folder, train):
    """Bytes [count, height, width, channels] and labels of ${catalogue[config.dataset].title}."""
    if folder is None:
        from torchvision import datasets  # downloads the pictures

        split = datasets.${set}("data", train=train, download=True)
        pictures, labels = np.asarray(split.data), np.asarray(split.targets)
    else:
        prefix = "train" if train else "t10k"
        pictures = read_idx(folder, f"{prefix}-images-idx3-ubyte")
        labels = read_idx(folder, f"{prefix}-labels-idx1-ubyte")
    if pictures.ndim == 3:
        pictures = pictures[..., None]
    return pictures[:LIMIT], labels[:LIMIT].astype(np.int64)`
}

/** The run's settings as constants. */
export function settings(config: RunConfig, inputShape: readonly [number, number, number]): string {
  return [
    `INPUT_SHAPE = ${literal(inputShape)}`,
    `PIXEL_MEAN, PIXEL_STD = ${pixelMean}, ${pixelStd}`,
    `EPOCHS = ${config.epochs}`,
    `BATCH_SIZE = ${config.batch_size}`,
    `LEARNING_RATE = ${config.learning_rate}`,
    `VALIDATION_SPLIT = ${config.validation_split}`,
    `LIMIT = ${config.limit ?? 'None'}`,
    `SEED = ${config.seed}`,
    ...(config.clip_norm === null ? [] : [`CLIP_NORM = ${config.clip_norm}`]),
    ...(config.warmup_steps === 0 ? [] : [`WARMUP_STEPS = ${config.warmup_steps}`]),
  ].join('\n')
}

/** Options that both scripts take; weights are written to `output`. */
export function options(output: string): string {
  return `    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", help="folder with the four IDX files")
    parser.add_argument("--weights", help="safetensors file to start from")
    parser.add_argument("--output", default="${output}", help="the weights")
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    options = parser.parse_args()`
}
