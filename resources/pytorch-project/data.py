"""The pictures of the run: read, split and ordered exactly as Convscope does it."""

import gzip
import pathlib

import numpy as np
import torch

WORD = 0xFFFFFFFF


class Random:
    """sfc32 (Chris Doty-Humphrey, PractRand): numbers that depend on the seed's words alone."""

    def __init__(self, *words):
        self.a, self.b, self.c = (hash_words(words, salt) for salt in (1, 2, 3))
        self.counter = 1
        for _ in range(12):
            self.uint32()

    def uint32(self):
        total = (self.a + self.b + self.counter) & WORD
        self.counter = (self.counter + 1) & WORD
        self.a = self.b ^ (self.b >> 9)
        self.b = (self.c + (self.c << 3)) & WORD
        self.c = (((self.c << 21) | (self.c >> 11)) + total) & WORD
        return total

    def uniform(self):
        """In [0, 1)."""
        return self.uint32() / 4294967296


def mix(value):
    """The finaliser of murmur3."""
    value ^= value >> 16
    value = value * 0x85EBCA6B & WORD
    value ^= value >> 13
    value = value * 0xC2B2AE35 & WORD
    return value ^ (value >> 16)


def hash_words(words, salt=0):
    """32 bits of words; numbers are whole, texts are ASCII."""
    result = mix(salt ^ 0x9E3779B9)
    for word in words:
        for character in str(word):
            result = mix(result ^ ord(character))
        result = mix(result ^ 0x85EBCA6B)
    return result


def permutation(count, random):
    """0 to count - 1 in random order (Fisher-Yates)."""
    order = list(range(count))
    for last in range(count - 1, 0, -1):
        other = int(random.uniform() * (last + 1))
        order[last], order[other] = order[other], order[last]
    return np.array(order, np.int64)


def split(count, share, seed):
    """Positions to learn from and positions kept back for validation, both ascending."""
    # A hair more, so that 0.29 of 100 is 29 although the product in binary is a little less.
    kept = min(count - 1, int(count * share + 1e-9))
    order = permutation(count, Random(seed, "split"))
    return np.sort(order[: count - kept]), np.sort(order[count - kept :])


def epoch_order(training, config, epoch):
    """The order in which an epoch (from 1) visits its pictures."""
    if not config["shuffle"]:
        return training
    return training[permutation(len(training), Random(config["seed"], "order", epoch))]


def read_idx(folder, name):
    """An IDX file of bytes, packed by gzip or not, as an array."""
    path = pathlib.Path(folder) / name
    packed = path.with_name(path.name + ".gz")
    if packed.exists():
        data = gzip.decompress(packed.read_bytes())
    elif path.exists():
        data = path.read_bytes()
    else:
        raise SystemExit(f"There is no file {path}, nor {packed.name}.")
    sizes = [int.from_bytes(data[4 + 4 * i : 8 + 4 * i], "big") for i in range(data[3])]
    return np.frombuffer(data, np.uint8, offset=4 + 4 * len(sizes)).reshape(sizes)


class Pictures:
    """Bytes [count, height, width, channels] and labels, kept on the device; batches are normalised when they are taken."""

    def __init__(self, run, folder, train, device, dtype):
        limit = run["config"]["limit"]
        images, labels = read_pictures(run["torchvision"], folder, train)
        images, labels = images[:limit], labels[:limit]
        height, width, channels = run["picture_shape"]
        if images.shape[1:] != (height, width, channels):
            raise SystemExit(f"The network takes {run['picture_shape']}, the pictures are {list(images.shape[1:])}.")
        self.mean, self.std = run["pixel_mean"], run["pixel_std"]
        self.images = torch.from_numpy(images.copy()).permute(0, 3, 1, 2).contiguous().to(device)
        self.labels = torch.from_numpy(labels.astype(np.int64)).to(device)
        self.dtype = dtype

    def __len__(self):
        return len(self.labels)

    def take(self, positions):
        """Pictures [n, channels, height, width] as the network takes them, and their labels."""
        where = torch.from_numpy(np.ascontiguousarray(positions)).to(self.labels.device)
        return (self.images[where].to(self.dtype) / 255 - self.mean) / self.std, self.labels[where]


def read_pictures(torchvision_name, folder, train):
    if folder is None:
        from torchvision import datasets  # downloads the pictures

        chosen = getattr(datasets, torchvision_name)("data", train=train, download=True)
        images, labels = np.asarray(chosen.data), np.asarray(chosen.targets)
    else:
        prefix = "train" if train else "t10k"
        images = read_idx(folder, f"{prefix}-images-idx3-ubyte")
        labels = read_idx(folder, f"{prefix}-labels-idx1-ubyte")
    return (images[..., None] if images.ndim == 3 else images), labels
