"""Test accuracy of PyTorch on MNIST after three epochs, for each seed given: the measure that ours is held to."""

import os
import sys

import numpy as np
import torch
from torch import nn

folder, seeds, epochs, batch_size = sys.argv[1], [int(word) for word in sys.argv[2:]], 3, 64


def read(name, header, shape):
    with open(os.path.join(folder, name), "rb") as file:
        return torch.from_numpy(np.frombuffer(file.read(), np.uint8, offset=header).copy()).reshape(shape)


def pictures(name):
    return (read(name, 16, (-1, 1, 28, 28)).float() / 255 - 0.5) / 0.5


x, y = pictures("train-images-idx3-ubyte"), read("train-labels-idx1-ubyte", 8, -1).long()
test_x, test_y = pictures("t10k-images-idx3-ubyte"), read("t10k-labels-idx1-ubyte", 8, -1).long()
accuracies = []
for seed in seeds:
    torch.manual_seed(seed)
    network = nn.Sequential(
        nn.Conv2d(1, 25, 3), nn.BatchNorm2d(25), nn.ReLU(), nn.MaxPool2d(2, 2),
        nn.Conv2d(25, 50, 3), nn.BatchNorm2d(50), nn.ReLU(), nn.MaxPool2d(2, 2),
        nn.Flatten(), nn.Linear(50 * 5 * 5, 1024), nn.ReLU(), nn.Linear(1024, 128), nn.ReLU(), nn.Linear(128, 10),
    )  # fmt: skip
    optimizer = torch.optim.Adam(network.parameters(), lr=1e-3)
    for _ in range(epochs):
        order = torch.randperm(len(x))
        for start in range(0, len(x), batch_size):
            batch = order[start : start + batch_size]
            loss = nn.functional.cross_entropy(network(x[batch]), y[batch])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
    network.eval()
    with torch.no_grad():
        right = sum((network(test_x[i : i + 1000]).argmax(1) == test_y[i : i + 1000]).sum().item() for i in range(0, 10000, 1000))
    accuracies.append(right / 100)
    print(f"seed {seed}: {right / 100:.2f} %", flush=True)
print(f"mean {np.mean(accuracies):.3f} %")
