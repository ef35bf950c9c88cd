"""The reference network and MNIST-like data in PyTorch, for the benchmark's scripts."""

import gzip

import numpy as np
import torch
from torch import nn


def reference_network():
    return nn.Sequential(
        nn.Conv2d(1, 25, 3), nn.BatchNorm2d(25), nn.ReLU(), nn.MaxPool2d(2, 2),
        nn.Conv2d(25, 50, 3), nn.BatchNorm2d(50), nn.ReLU(), nn.MaxPool2d(2, 2),
        nn.Flatten(), nn.Linear(50 * 5 * 5, 1024), nn.ReLU(), nn.Linear(1024, 128), nn.ReLU(), nn.Linear(128, 10),
    )  # fmt: skip


def read_pictures(path, count=None):
    """`[n, 1, 28, 28]`, normalised as the app does it."""
    pixels = torch.from_numpy(_read_idx(path, 16)).reshape(-1, 1, 28, 28)[:count]
    return (pixels.float() / 255 - 0.5) / 0.5


def read_labels(path, count=None):
    return torch.from_numpy(_read_idx(path, 8))[:count].long()


def _read_idx(path, header):
    with gzip.open(path) if path.endswith(".gz") else open(path, "rb") as file:
        return np.frombuffer(file.read(), np.uint8, offset=header).copy()
